import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { appendAudit } from '../audit';
import { Database, Transaction } from '../platform/database/database';
import { type Actor, CurrentActor, Permit } from '../platform/http/actor';
import { IsNotBlank, IsOneLine } from '../platform/http/text-rules';
import { CalendarChanges } from './calendar-changes';
import { holidayNotFound } from './calendar-faults';
import { IsLocalDay } from './local-time-rules';
import { enterDay, NamedDay, readCalendar, removeDay } from './calendar.store';

export class DayParam {
  @ApiProperty({ example: '2027-02-08' })
  @IsLocalDay()
  day: string;
}

export class EnterHolidayDto extends DayParam {
  @ApiProperty({ example: 'Tết Nguyên đán Đinh Mùi' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  @IsNotBlank()
  @IsOneLine()
  name: string;

  @ApiPropertyOptional({ type: Boolean, default: false, description: 'A weekend day worked in exchange for another' })
  @IsOptional()
  @IsBoolean()
  isWorkingDay?: boolean;
}

/**
 * Days off that are announced each year: Tết, Giỗ Tổ (10/3 of the lunar year), the day beside 2/9, exchanged days. The
 * fixed ones and their days in lieu need no entry. What hangs on them follows at once: the sending window, and the time to
 * answer open requests.
 */
@ApiTags('Calendar')
@Controller('api/v1/holidays')
export class HolidaysController {
  constructor(
    private readonly database: Database,
    private readonly changes: CalendarChanges,
  ) {}

  @Get()
  @Permit('calendar.read')
  @ApiOperation({ summary: 'Days the office entered; 1/1, 30/4, 1/5, 2/9 and their days in lieu are known without' })
  all(): Promise<NamedDay[]> {
    return readCalendar(this.database);
  }

  @Post()
  @Permit('holidays.manage')
  @ApiOperation({ summary: 'Enters a day off, or a weekend day that is worked' })
  async enter(
    @Body() { day, name, isWorkingDay = false }: EnterHolidayDto,
    @CurrentActor() actor: Actor,
  ): Promise<NamedDay> {
    const entered = { day, name, isWorkingDay };
    await this.database.transaction(async (tx) => {
      await enterDay(tx, entered);
      await this.settle(tx, actor, 'holiday.enter', day, { isWorkingDay });
    });
    return entered;
  }

  @Delete(':day')
  @HttpCode(204)
  @Permit('holidays.manage')
  @ApiOperation({ summary: 'Takes a day out again' })
  async remove(@Param() { day }: DayParam, @CurrentActor() actor: Actor): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await removeDay(tx, day))) throw holidayNotFound({ day });
      await this.settle(tx, actor, 'holiday.remove', day, {});
    });
  }

  private async settle(tx: Transaction, actor: Actor, act: string, day: string, details: object): Promise<void> {
    await this.changes.tell(tx, await readCalendar(tx));
    await appendAudit(tx, { actor, act, subject: `holiday:${day}`, details: { ...details } });
  }
}
