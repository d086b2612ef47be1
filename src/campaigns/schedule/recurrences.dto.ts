import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsLocalDay, IsTimeOfDay } from '../../calendar';
import { IfGiven } from '../../platform/http/if-given';
import { RECURRENCE_KINDS, type RecurrenceRule } from './recurrence';

/** What every rule says of itself; a kind nobody knows is refused by it. */
class RuleDto {
  @ApiProperty({ enum: RECURRENCE_KINDS })
  @IsIn(RECURRENCE_KINDS)
  kind: RecurrenceRule['kind'];
}

class BeforeEventRuleDto {
  @ApiProperty({ enum: ['before-event'] })
  @IsIn(['before-event'])
  kind: 'before-event';

  @ApiProperty({ example: '2026-03-15', description: 'Day of the event' })
  @IsLocalDay()
  day: string;

  @ApiProperty({ type: [Number], example: [10, 3, 1], description: 'So many days before it; 0 is its day itself' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(30)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(365, { each: true })
  daysBefore: number[];
}

class WeeklyRuleDto {
  @ApiProperty({ enum: ['weekly'] })
  @IsIn(['weekly'])
  kind: 'weekly';

  @ApiProperty({ minimum: 1, maximum: 7, description: '1 Monday … 7 Sunday' })
  @IsInt()
  @Min(1)
  @Max(7)
  weekday: number;
}

class MonthlyRuleDto {
  @ApiProperty({ enum: ['monthly'] })
  @IsIn(['monthly'])
  kind: 'monthly';

  @ApiProperty({ minimum: 1, maximum: 31, description: 'In a month without that day, its last' })
  @IsInt()
  @Min(1)
  @Max(31)
  day: number;
}

const RULES = [
  { name: 'before-event', value: BeforeEventRuleDto },
  { name: 'weekly', value: WeeklyRuleDto },
  { name: 'monthly', value: MonthlyRuleDto },
];

@ApiExtraModels(BeforeEventRuleDto, WeeklyRuleDto, MonthlyRuleDto)
export class CreateRecurrenceDto {
  @ApiProperty({ oneOf: RULES.map(({ value }) => ({ $ref: getSchemaPath(value) })) })
  @IsObject()
  @ValidateNested()
  @Type(() => RuleDto, { discriminator: { property: 'kind', subTypes: RULES }, keepDiscriminatorProperty: true })
  rule: BeforeEventRuleDto | WeeklyRuleDto | MonthlyRuleDto;

  @ApiProperty({ example: '08:00', description: "Vietnam's time at which each campaign starts" })
  @IsTimeOfDay()
  startTime: string;

  @ApiProperty({ minimum: 1, maximum: 60, description: 'The draft is made so many days before its start' })
  @IsInt()
  @Min(1)
  @Max(60)
  leadDays: number;

  @ApiProperty({ example: '2026-03-01' })
  @IsLocalDay()
  firstDay: string;

  @ApiPropertyOptional({ example: '2026-12-31', description: 'Until somebody ends it when left out' })
  @IfGiven()
  @IsLocalDay()
  lastDay?: string;
}
