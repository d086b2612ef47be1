import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayUnique, IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { MOST_ID, toWholeNumber } from '../platform/http/ids';
import type { Figures } from './figures';
import { Dimension, DIMENSIONS, type Period } from './scope';
import type { StatisticsRow, StatisticsTable } from './statistics-table';
import { CODE_FORM } from '../platform/http/text-rules';

/** `by=month,topic` and `by=month&by=topic` mean the same; so do an empty `by` and none. */
const toWords = (): PropertyDecorator =>
  Transform(({ value }) => [value].flat().flatMap((text) => (text === '' ? [] : String(text).split(','))));

export class StatisticsQuery {
  @ApiPropertyOptional({ example: '2021-05-01', description: 'First day of the period (Asia/Ho_Chi_Minh), included' })
  @IsOptional()
  @IsString()
  from?: string;

  @ApiPropertyOptional({ example: '2021-12-31', description: 'Last day of the period, included' })
  @IsOptional()
  @IsString()
  to?: string;

  @ApiPropertyOptional({
    type: String,
    example: 'month,topic',
    description: `One row for each: any of ${DIMENSIONS.join(', ')}, with commas; one row of everything when left out`,
  })
  @IsOptional()
  @toWords()
  @IsIn(DIMENSIONS, { each: true, message: DIMENSIONS.join(', ') })
  @ArrayUnique()
  by?: Dimension[];

  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'Only this campaign' })
  @IsOptional()
  @toWholeNumber()
  @IsInt()
  @Min(1)
  @Max(MOST_ID)
  campaignId?: number;

  @ApiPropertyOptional({ example: 'election', description: 'Only this topic' })
  @IsOptional()
  @Matches(/^[a-z0-9]+(-[a-z0-9]+)*$/, CODE_FORM)
  @MaxLength(100)
  topic?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, description: 'Only this area; 0: subscribers without an area' })
  @IsOptional()
  @toWholeNumber()
  @IsInt()
  @Min(0)
  @Max(MOST_ID)
  areaId?: number;
}

export class StatisticsFigures implements Figures {
  @ApiProperty({
    type: 'integer',
    description:
      'Messages of released campaigns, whatever became of them: accepted + failed + unknown + suppressed + cancelled + expired + pending',
  })
  messages: number;

  @ApiProperty({ type: 'integer', description: 'The parts (MT) carriers bill, of all messages' })
  segments: number;

  @ApiProperty({
    type: 'integer',
    description:
      'Distinct people, by number. Does not add up: who got two notices is in two rows and once in the total',
  })
  subscribers: number;

  @ApiProperty({ type: 'integer', description: 'Ever taken by the gateway; delivered and undelivered are parts of it' })
  accepted: number;

  @ApiProperty({
    type: 'integer',
    description:
      "The gateway's receipt says delivered: to the handset, or to the operator's centre where the gateway reports no more",
  })
  delivered: number;

  @ApiProperty({ type: 'integer', description: "The gateway's receipt says that it never arrived" })
  undelivered: number;

  @ApiProperty({ type: 'integer', description: 'Refused by the gateway for good' })
  failed: number;

  @ApiProperty({ type: 'integer', description: 'May have been taken or not; never sent again blindly' })
  unknown: number;

  @ApiProperty({ type: 'integer', description: 'Held back: the person opted out or was erased before the hand-over' })
  suppressed: number;

  @ApiProperty({ type: 'integer', description: 'The campaign was cancelled before the hand-over' })
  cancelled: number;

  @ApiProperty({ type: 'integer', description: 'Our own deadline passed before the hand-over' })
  expired: number;

  @ApiProperty({ type: 'integer', description: 'Not accounted for yet: queued, being sent or waiting for a retry' })
  pending: number;
}

export class StatisticsTopic {
  @ApiProperty({ example: 'election' })
  code: string;

  @ApiProperty({ example: 'Bầu cử', description: 'In the language of the request' })
  name: string;
}

export class StatisticsCampaign {
  @ApiProperty({ type: 'integer', example: 12 })
  id: number;

  @ApiProperty({ example: 'Nhắc ngày bầu cử 23/5/2021' })
  name: string;
}

export class StatisticsArea {
  @ApiProperty({ type: 'integer', example: 7 })
  id: number;

  @ApiProperty({ example: 'Xã Vĩnh Thạnh Trung' })
  name: string;
}

/** What the row is about comes first: only the dimensions asked for. */
export class StatisticsRowDto extends StatisticsFigures implements StatisticsRow {
  @ApiPropertyOptional({ type: 'integer', example: 2021 })
  year?: number;

  @ApiPropertyOptional({ example: '2021-05' })
  month?: string;

  @ApiPropertyOptional({ type: StatisticsTopic, nullable: true, description: 'Null: work of no campaign' })
  topic?: StatisticsTopic | null;

  @ApiPropertyOptional({ type: StatisticsCampaign, nullable: true, description: 'Null: work of no campaign' })
  campaign?: StatisticsCampaign | null;

  @ApiPropertyOptional({ type: StatisticsArea, nullable: true, description: 'Null: subscribers without an area' })
  area?: StatisticsArea | null;
}

export class StatisticsPeriod implements Period {
  @ApiProperty({ type: String, nullable: true, example: '2021-05-01' })
  from: string | null;

  @ApiProperty({ type: String, nullable: true, example: '2021-12-31' })
  to: string | null;
}

export class Statistics implements StatisticsTable {
  @ApiProperty({
    description:
      "Local days, both included. A message's day is that of its first hand-over, its planned day until then",
  })
  period: StatisticsPeriod;

  @ApiProperty({ enum: DIMENSIONS, isArray: true })
  by: readonly Dimension[];

  @ApiProperty()
  total: StatisticsFigures;

  @ApiProperty({ type: [StatisticsRowDto], description: 'By time, then topic, campaign and area in Vietnamese order' })
  rows: readonly StatisticsRowDto[];
}
