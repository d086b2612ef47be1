import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { SendingWindowDto } from '../calendar';
import { IfGiven } from '../platform/http/if-given';
import { IsId } from '../platform/http/ids';
import { IsNotBlank, IsOneLine } from '../platform/http/text-rules';
import { type AreaValues, MISFIRE_RULES, type MisfireRule, type Overrides } from './plan';
import { IsSenderId, RouteDto } from './route.dto';

/** A reason that is kept on record with the rule it sets aside. */
const Reason = (): PropertyDecorator =>
  applyDecorators(IfGiven(), IsString(), MinLength(5), MaxLength(500), IsNotBlank()) as PropertyDecorator;

export class OverridesDto implements Overrides {
  @ApiPropertyOptional({
    type: String,
    example: 'Thông báo khẩn về bão số 5',
    description: 'Text at any hour, and why',
  })
  @Reason()
  urgent?: string;

  @ApiPropertyOptional({ type: String, description: 'A window wider than 07:00 to 21:00, or on holidays, and why' })
  @Reason()
  window?: string;

  @ApiPropertyOptional({ type: String, description: 'Send a template out of its time of validity, and why' })
  @Reason()
  expiredTemplate?: string;

  @ApiPropertyOptional({ type: String, description: 'Text people who got a text on the topic lately, and why' })
  @Reason()
  fatigueCap?: string;
}

export class AreaValuesDto implements AreaValues {
  @ApiProperty({ type: [Number] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @ArrayUnique()
  @IsId({ each: true })
  areaIds: number[];

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { ngay_bau_cu: '8/3/2026' } })
  @IsObject()
  values: Record<string, string>;
}

export class FirstWaveDto {
  @ApiPropertyOptional({ type: Number, example: 200 })
  @IfGiven()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  recipients?: number;

  @ApiPropertyOptional({ type: Number, example: 1, description: 'Of the recipients; either this or `recipients`' })
  @IfGiven()
  @IsInt()
  @Min(1)
  @Max(99)
  percent?: number;
}

export class HaltDto {
  @ApiProperty({ example: 50, description: 'Texts that failed or are unknown' })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  failures: number;

  @ApiProperty({ example: 20, description: 'Their share of the texts that left' })
  @IsInt()
  @Min(1)
  @Max(100)
  percent: number;
}

export class ScheduleDto {
  @ApiPropertyOptional({ type: SendingWindowDto, description: '07:00 to 21:00 on every day but public holidays' })
  @IfGiven()
  @IsObject()
  @ValidateNested()
  @Type(() => SendingWindowDto)
  window?: SendingWindowDto;

  @ApiPropertyOptional({ type: Number, nullable: true, description: 'Spread over so many minutes of open window' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(31 * 24 * 60)
  spreadMinutes?: number | null;

  @ApiPropertyOptional({ enum: MISFIRE_RULES, default: 'ask', description: 'When the service was down at the start' })
  @IfGiven()
  @IsIn(MISFIRE_RULES)
  misfire?: MisfireRule;

  @ApiPropertyOptional({ type: FirstWaveDto, nullable: true })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => FirstWaveDto)
  firstWave?: FirstWaveDto | null;

  @ApiPropertyOptional({
    type: HaltDto,
    nullable: true,
    description: '100 failures that are 20 % when left out; null: never',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => HaltDto)
  halt?: HaltDto | null;
}

export class CreateCampaignDto {
  @ApiProperty({ example: 'Nhắc ngày bầu cử 23/5/2021' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  @IsNotBlank()
  @IsOneLine()
  name: string;

  @ApiProperty({ description: 'Id of a template version' })
  @IsId()
  templateVersionId: number;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { ngay_bau_cu: '23/5/2021' },
    description: "Values of the template's campaign variables",
  })
  @IfGiven()
  @IsObject()
  values?: Record<string, unknown>;

  @ApiPropertyOptional({ type: [AreaValuesDto], description: 'What people of some areas read instead' })
  @IfGiven()
  @IsArray()
  @ArrayMaxSize(1_000)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => AreaValuesDto)
  areaValues?: AreaValuesDto[];

  @ApiProperty({ type: [Number], description: 'The lists are united; a number in two of them is texted once' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ArrayUnique()
  @IsId({ each: true })
  listIds: number[];

  @ApiPropertyOptional({ type: [Number], description: 'Whoever is on one of these lists is left out' })
  @IfGiven()
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique()
  @IsId({ each: true })
  exceptListIds?: number[];

  @ApiPropertyOptional({ type: [Number], description: 'Only subscribers of these areas; all areas when left out' })
  @IfGiven()
  @IsArray()
  @ArrayMaxSize(1_000)
  @ArrayUnique()
  @IsId({ each: true })
  areaIds?: number[];

  @IsSenderId()
  sender: string;

  @ApiPropertyOptional({ example: 'simulator', description: 'The first configured gateway when left out' })
  @IfGiven()
  @IsString()
  @MaxLength(40)
  gateway?: string;

  @ApiPropertyOptional({
    type: [RouteDto],
    description:
      'Other gateways its texts may go through when the first one fails, in order of preference, each with the sender ID they have there',
  })
  @IfGiven()
  @IsArray()
  @ArrayMaxSize(10)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => RouteDto)
  alternatives?: RouteDto[];

  @ApiProperty({ description: 'Send with Vietnamese accents (70 characters a segment) or without (160)' })
  @IsBoolean()
  accented: boolean;

  @ApiProperty({ example: '2021-05-20T08:00', description: 'Vietnam time unless it carries an offset' })
  @IsString()
  @MaxLength(40)
  startsAt: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: '2021-05-22T20:00',
    description: 'What is unsent then expires',
  })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  deadline?: string | null;

  @ApiPropertyOptional({ type: ScheduleDto })
  @IfGiven()
  @IsObject()
  @ValidateNested()
  @Type(() => ScheduleDto)
  schedule?: ScheduleDto;

  @ApiPropertyOptional({ type: OverridesDto, description: 'Rules set aside, each with its reason' })
  @IfGiven()
  @IsObject()
  @ValidateNested()
  @Type(() => OverridesDto)
  overrides?: OverridesDto;

  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    description: 'The official document behind it; needed to submit',
  })
  @IsOptional()
  @IsId()
  documentId?: number | null;
}

export class EditCampaignDto extends PartialType(CreateCampaignDto, { skipNullProperties: false }) {
  @ApiProperty({ description: 'The revision you saw; the edit is refused when somebody else was faster' })
  @IsId()
  revision: number;
}

export class ApproveDto {
  @ApiProperty({ description: 'The contentHash you saw: text, audience, sender and schedule' })
  @Matches(/^[0-9a-f]{64}$/, {
    context: {
      vi: '64 chữ số thập lục phân, lấy từ trường contentHash.',
      en: '64 hexadecimal digits, as in contentHash.',
    },
  })
  contentHash: string;
}

export class RejectDto {
  @ApiProperty({ example: 'Sai ngày bầu cử' })
  @IsString()
  @MinLength(1)
  @MaxLength(1_000)
  @IsNotBlank()
  reason: string;
}
