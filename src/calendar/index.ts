export { CalendarChanges } from './calendar-changes';
export { CalendarModule } from './calendar.module';
export { holdCalendar, readCalendar } from './calendar.store';
export { type Calendar, type CalendarDay, sqlIsHoliday, toCalendar } from './holidays';
export { addDays, atLocalTime, isoWeekday } from './local-days';
export { IsLocalDay, IsTimeOfDay } from './local-time-rules';
export {
  closedDay,
  DEFAULT_WINDOW,
  isOpen,
  nextOpening,
  type OpenInterval,
  openIntervals,
  type SendingWindow,
} from './sending-window';
export { SendingWindowDto } from './sending-window.dto';
export { isWorkingDay } from './working-days';
