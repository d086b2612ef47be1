import { fault } from '../platform/errors';

export const holidayNotFound = fault('notFound', 'holiday.not-found', {
  vi: 'Ngày {day} không có trong lịch nghỉ đã nhập. Ngày lễ cố định (1/1, 30/4, 1/5, 2/9) không cần nhập và không xóa được.',
  en: 'The day {day} was not entered. Fixed holidays (1/1, 30/4, 1/5, 2/9) need no entry and cannot be removed.',
});
