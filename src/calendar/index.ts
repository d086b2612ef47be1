export { CalendarChanges } from './calendar-changes';
export { CalendarModule } from './calendar.module';
export { holdCalendar } from './calendar.store';
export { type CalendarDay, sqlIsHoliday, toCalendar } from './holidays';
export { addDays, atLocalTime } from './local-days';
export { DEFAULT_WINDOW, type SendingWindow } from './sending-window';
export { isWorkingDay } from './working-days';
