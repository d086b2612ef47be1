import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { IsId, toWholeNumber } from '../platform/http/ids';
import { IsNotBlank, IsOneLine } from '../platform/http/text-rules';

/**
 * When personal data are erased: the person asks; the purpose is fulfilled; the time of storage is over; an authority
 * decides; it was agreed; another law says so (Law 91/2025/QH15, Art. 14(1)).
 */
export const ERASURE_REASONS = [
  'person-asked',
  'purpose-fulfilled',
  'time-over',
  'authority-decided',
  'agreed',
  'other-law',
] as const;
export type ErasureReason = (typeof ERASURE_REASONS)[number];

/** One person: `phone` or `subscriberId`. */
export class PersonQuery {
  @ApiPropertyOptional({ example: '0912 345 678', description: 'In any spelling; or else subscriberId' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  phone?: string;

  @ApiPropertyOptional({ type: Number })
  @IsOptional()
  @toWholeNumber()
  @IsId()
  subscriberId?: number;
}

export class ErasePersonDto extends PersonQuery {
  @ApiProperty({ enum: ERASURE_REASONS, description: 'Law 91/2025/QH15, Art. 14(1)' })
  @IsIn(ERASURE_REASONS)
  reason: ErasureReason;

  @ApiPropertyOptional({
    example: 'Công văn số 12/STP-VP',
    description: 'Kept after the erasure: names nobody',
    maxLength: 300,
  })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(300)
  @IsNotBlank()
  @IsOneLine()
  legalBasis?: string;

  @ApiPropertyOptional({ type: Number, description: "The citizen's request; of it only kind, channel and times stay" })
  @IsOptional()
  @IsId()
  requestId?: number;
}
