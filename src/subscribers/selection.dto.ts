import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsObject,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { IfGiven } from '../platform/http/if-given';
import { IsId } from '../platform/http/ids';
import { type Selection, SUBSCRIBER_STATES, type SubscriberState } from './selection';
import { SAID_LANGUAGES, type SaidLanguage } from './text-language';

/** Left out means no such condition; an empty array could be read both ways and is refused. */
const Ids = (most: number, description: string): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: [Number], description, minItems: 1, maxItems: most }),
    IfGiven(),
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(most),
    ArrayUnique(),
    IsId({ each: true }),
  );

export class SelectionDto implements Selection {
  @Ids(100, 'On any of these lists')
  listIds?: number[];

  @Ids(100, 'And on none of these')
  exceptListIds?: number[];

  @Ids(1_000, 'These people')
  subscriberIds?: number[];

  @Ids(1_000, 'In any of these areas')
  areaIds?: number[];

  @ApiPropertyOptional({ example: 'hoa le', description: 'Words of the name, with or without accents, in any order' })
  @IfGiven()
  @IsString()
  @MaxLength(120)
  name?: string;

  @ApiPropertyOptional({ enum: SUBSCRIBER_STATES })
  @IfGiven()
  @IsIn(SUBSCRIBER_STATES)
  state?: SubscriberState;

  @ApiPropertyOptional({ enum: SAID_LANGUAGES, description: 'Who wish to be texted in this language; never ethnicity' })
  @IfGiven()
  @IsIn(SAID_LANGUAGES)
  language?: SaidLanguage;

  @ApiPropertyOptional({ enum: [true], description: 'Says that nothing narrows the selection on purpose' })
  @IfGiven()
  @IsIn([true])
  everybody?: true;
}

export class SelectionBody {
  @ApiProperty({ type: SelectionDto })
  @IsObject()
  @ValidateNested()
  @Type(() => SelectionDto)
  selection: SelectionDto;
}
