import { Module } from '@nestjs/common';
import { CalendarChanges } from './calendar-changes';
import { HolidaysController } from './holidays.controller';

@Module({
  controllers: [HolidaysController],
  providers: [CalendarChanges],
  exports: [CalendarChanges],
})
export class CalendarModule {}
