import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  MinLength,
} from 'class-validator';
import { IsId, toWholeNumber } from '../platform/http/ids';
import { PageQuery } from '../platform/http/paging';
import { IsNotBlank, IsOneLine } from '../platform/http/text-rules';
import { SUBSCRIBER_STATES, type SubscriberState } from './selection';
import { SAID_LANGUAGES, type SaidLanguage, TEXT_LANGUAGES, type TextLanguage } from './text-language';

export class SubscribersQuery extends PageQuery {
  @ApiPropertyOptional({ example: '0912 345 678', description: 'In any spelling' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  phone?: string;

  @ApiPropertyOptional({ example: '5678', description: 'The last digits, for who may see numbers' })
  @IsOptional()
  @Matches(/^\d{3,9}$/, { context: { vi: 'từ 3 đến 9 chữ số cuối, như 5678.', en: '3 to 9 last digits, as 5678.' } })
  phoneEnd?: string;

  @ApiPropertyOptional({ example: 'hoa le', description: 'Words of the name, with or without accents, in any order' })
  @IsOptional()
  @IsString()
  @MaxLength(120)
  name?: string;

  @ApiPropertyOptional({ type: Number })
  @IsOptional()
  @toWholeNumber()
  @IsId()
  listId?: number;

  @ApiPropertyOptional({ type: Number, description: 'With the units it came from' })
  @IsOptional()
  @toWholeNumber()
  @IsId()
  areaId?: number;

  @ApiPropertyOptional({ enum: SUBSCRIBER_STATES })
  @IsOptional()
  @IsIn(SUBSCRIBER_STATES)
  state?: SubscriberState;

  @ApiPropertyOptional({ enum: SAID_LANGUAGES, description: 'Who wish to be texted in this language; never ethnicity' })
  @IsOptional()
  @IsIn(SAID_LANGUAGES)
  language?: SaidLanguage;
}

/** Said to whoever types something else: it may well be an ethnicity. */
const LANGUAGE_FORM = {
  context: {
    vi: 'km (tiếng Khmer), cja (tiếng Chăm) hoặc null (tiếng Việt). Chỉ ghi ngôn ngữ người dân muốn nhận tin, không ghi dân tộc.',
    en: 'km (Khmer), cja (Cham) or null (Vietnamese): the language the person wishes to be texted in, never ethnicity.',
  },
};

class SubscriberFactsDto {
  @ApiProperty({ example: '0912 345 678', description: 'In any spelling' })
  @IsString()
  @MinLength(1)
  @MaxLength(40)
  phone: string;

  @ApiPropertyOptional({ type: String, nullable: true, example: 'Lê Thị Hòa', description: 'null: not known' })
  @IsOptional()
  @IsString()
  @MaxLength(120)
  @IsNotBlank()
  @IsOneLine()
  fullName?: string | null;

  @ApiPropertyOptional({ type: Number, nullable: true, description: 'null: not known' })
  @IsOptional()
  @IsId()
  areaId?: number | null;

  @ApiPropertyOptional({ type: String, nullable: true, example: 'Ấp Tô Hạ', description: 'null: not known' })
  @IsOptional()
  @IsString()
  @MaxLength(120)
  @IsNotBlank()
  @IsOneLine()
  hamlet?: string | null;

  @ApiPropertyOptional({
    enum: TEXT_LANGUAGES,
    nullable: true,
    description: 'The language the person wishes to be texted in, and never ethnicity; null: Vietnamese',
  })
  @IsOptional()
  @Matches(/^(?:km|cja)$/, LANGUAGE_FORM)
  language?: TextLanguage | null;
}

export class AddSubscriberDto extends SubscriberFactsDto {
  @ApiProperty({
    type: [Number],
    description: 'The lists to put the subscriber on: without one there is no reason to keep',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ArrayUnique()
  @IsId({ each: true })
  listIds: number[];
}

/** What is left out stays as it is. */
export class CorrectSubscriberDto extends PartialType(SubscriberFactsDto, { skipNullProperties: false }) {
  @ApiProperty({ description: 'The revision you saw; the correction is refused when somebody else was faster' })
  @IsId()
  revision: number;

  @ApiProperty({ example: 'Công dân gọi điện báo sai tên đệm', description: 'Kept in the history of the subscriber' })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  @IsNotBlank()
  reason: string;
}
