import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** No carrier charges so much for a segment, nor permits so many a second: a larger number is a slip of the hand. */
const MOST_VND = 100_000;
const MOST_PER_SECOND = 10_000;

export class GatewayTermsDto {
  @ApiProperty({
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

  @ApiProperty({
    example: 50,
    description:
      'Segments a second that the contract permits: what a forecast reckons with until there are measurements',
    minimum: 1,
    maximum: MOST_PER_SECOND,
  })
  @IsInt()
  @Min(1)
  @Max(MOST_PER_SECOND)
  segmentsPerSecond: number;
}
