import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray } from 'class-validator';
import { IsId } from '../../platform/http/ids';
import { IfGiven } from '../../platform/http/if-given';

const MOST_COLLEAGUES = 10;

export class TestSendDto {
  @ApiPropertyOptional({ type: [Number], description: 'Accounts whose own numbers get it; you, when left out' })
  @IfGiven()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_COLLEAGUES)
  @ArrayUnique()
  @IsId({ each: true })
  userIds?: number[];

  @ApiPropertyOptional({ description: "The text this subscriber would get; the template's example when left out" })
  @IfGiven()
  @IsId()
  subscriberId?: number;
}
