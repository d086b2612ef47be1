import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { UNKNOWN_DECISIONS, type UnknownDecision } from '../../delivery';
import { IsId, toWholeNumber } from '../../platform/http/ids';
import { IsNotBlank } from '../../platform/http/text-rules';

/** Our own id of an attempt, as gateways have it: batch, text and attempt. Parts that fit their columns. */
const REFERENCE = /^[1-9]\d{0,14}\.[1-9]\d{0,8}\.[1-9]\d{0,3}$/;
const REFERENCE_FORM = {
  context: {
    vi: 'ba số nối bằng dấu chấm, như 12.345.1 trong danh sách.',
    en: 'three numbers joined by dots, as 12.345.1 in the list.',
  },
};
/** More at a time are settled by naming their campaign. */
const MOST_TEXTS = 500;

export class OfCampaignQuery {
  @ApiPropertyOptional({ type: Number })
  @IsOptional()
  @toWholeNumber()
  @IsId()
  campaignId?: number;
}

export class LateProofsQuery extends OfCampaignQuery {
  @ApiPropertyOptional({ description: '`next` of the page before', example: '12.345.1' })
  @IsOptional()
  @Matches(REFERENCE, REFERENCE_FORM)
  after?: string;

  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: 500, default: 50 })
  @IsOptional()
  @toWholeNumber()
  @IsInt()
  @Min(1)
  @Max(500)
  limit?: number;
}

export class UnknownTextsQuery extends LateProofsQuery {
  @ApiPropertyOptional({ description: 'Only these: a `code` of the counts', example: 'lease-expired' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  code?: string;
}

export class SettleDto {
  @ApiPropertyOptional({ type: Number, description: 'All of a campaign; or else `texts`' })
  @IsOptional()
  @IsId()
  campaignId?: number;

  @ApiPropertyOptional({
    type: [String],
    example: ['12.345.1'],
    description: 'Single ones, by their `reference`; or else `campaignId`',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_TEXTS)
  @Matches(REFERENCE, { each: true, ...REFERENCE_FORM })
  texts?: string[];

  @ApiProperty({
    enum: UNKNOWN_DECISIONS,
    description:
      '`accepted`: the gateway had taken it. `failed`: it did not arrive, and this campaign does not send it again. ' +
      '`send-again`: it did not arrive and is to be sent once more',
  })
  @IsIn(UNKNOWN_DECISIONS)
  decision: UnknownDecision;

  @ApiProperty({ example: 'Nhà cung cấp xác nhận không nhận được tin (thư ngày 20/5/2021)' })
  @IsString()
  @IsNotBlank()
  @MaxLength(500)
  reason: string;
}
