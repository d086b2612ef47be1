import { fault } from '../../platform/errors';

export const recurrenceNotFound = fault('notFound', 'recurrence.not-found', {
  vi: 'Không có lịch lặp lại {id}.',
  en: 'There is no recurrence {id}.',
});

export const recurrenceEnded = fault('conflict', 'recurrence.ended-already', {
  vi: 'Lịch lặp lại {id} đã kết thúc. Nếu cần lặp tiếp, hãy tạo lịch mới.',
  en: 'Recurrence {id} has ended. If the campaign should come again, make a new one.',
});

export const onlyNoticesRecur = fault('conflict', 'recurrence.only-notices', {
  vi: 'Chiến dịch gửi lại hoặc đính chính không lặp lại được. Hãy chọn chiến dịch gốc.',
  en: 'A resend or a correction cannot come again. Choose the campaign it belongs to.',
});

export const lastDayTooEarly = fault(
  'invalid',
  'recurrence.last-before-first',
  {
    vi: 'Ngày cuối phải bằng hoặc sau ngày đầu.',
    en: 'The last day must not be before the first day.',
  },
  'lastDay',
);

export const nothingRecurs = fault(
  'invalid',
  'recurrence.no-occurrence',
  {
    vi: 'Không có ngày nào trong tương lai khớp với quy tắc này trong khoảng từ ngày đầu đến ngày cuối. Hãy kiểm tra lại các ngày.',
    en: 'No day still to come, between the first and the last day, fits this rule. Check the days.',
  },
  'rule',
);
