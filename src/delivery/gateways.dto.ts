import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, Max, Min, ValidateIf } from 'class-validator';

/** No carrier charges so much for a segment, nor permits so many: a larger number is a slip of the hand. */
const MOST_VND = 100_000;
const MOST_PER_SECOND = 50_000;
const MOST_IN_FLIGHT = 50_000;
const MOST_PER_DAY = 1_000_000_000;

/** A whole number from 1, or null for no limit. */
const Limit = (most: number): PropertyDecorator =>
  applyDecorators(
    ValidateIf((_, value) => value !== null) as PropertyDecorator,
    IsInt(),
    Min(1),
    Max(most),
  ) as PropertyDecorator;

export class SendingLimitsDto {
  @ApiProperty({
    type: Number,
    nullable: true,
    example: 50,
    description:
      'Segments a second, kept by all instances together. Null, which has to be said: no limit is known, none is kept',
    minimum: 1,
    maximum: MOST_PER_SECOND,
  })
  @Limit(MOST_PER_SECOND)
  segmentsPerSecond: number | null;

  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    example: 20,
    description: 'Messages handed over and not answered yet, of all instances together. Null or left out: no limit',
    minimum: 1,
    maximum: MOST_IN_FLIGHT,
  })
  @Limit(MOST_IN_FLIGHT)
  messagesInFlight: number | null = null;

  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    example: 200_000,
    description:
      'Segments a local day (Asia/Ho_Chi_Minh): what is beyond waits for the next day. Null or left out: no limit',
    minimum: 1,
    maximum: MOST_PER_DAY,
  })
  @Limit(MOST_PER_DAY)
  segmentsPerDay: number | null = null;
}

export class GatewayTermsDto extends SendingLimitsDto {
  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    example: 850,
    description: 'Vietnamese đồng for one segment, VAT as the contract has it; null: not known, no cost is shown',
    minimum: 0,
    maximum: MOST_VND,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST_VND)
  vndPerSegment: number | null = null;
}
