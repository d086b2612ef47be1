import { type Fault, fault } from '../platform/errors';

/** A quarter: a longer absence is an appointment, which is a role of one's own. */
export const LONGEST_DEPUTY_DAYS = 92;
const DAY_MS = 24 * 60 * 60 * 1000;

export const periodReversed = fault(
  'invalid',
  'deputy.period-reversed',
  {
    vi: 'Ngày kết thúc trước ngày bắt đầu. Hãy sửa lại thời gian ủy quyền.',
    en: 'The last day is before the first one. Correct the period.',
  },
  'validTo',
);
export const periodPast = fault(
  'invalid',
  'deputy.period-past',
  {
    vi: 'Không ủy quyền cho ngày đã qua. Ngày bắt đầu sớm nhất là hôm nay, {today}.',
    en: 'A day that has passed cannot be deputised for. The first day is {today}, today, at the earliest.',
  },
  'validFrom',
);
export const periodTooLong = fault(
  'invalid',
  'deputy.period-too-long',
  {
    vi: 'Mỗi lần ủy quyền nhiều nhất {days} ngày. Hãy rút ngắn, hoặc đề nghị quản trị viên giao vai trò người phê duyệt.',
    en: 'A deputyship lasts {days} days at most. Shorten it, or ask an administrator for the role of an approver.',
  },
  'validTo',
);

/**
 * What is wrong with a period of local days, both included; nothing when it will do.
 *
 * @param validFrom `2026-12-01`, as all three
 */
export function faultOfPeriod(validFrom: string, validTo: string, today: string): Fault | undefined {
  if (validTo < validFrom) return periodReversed();
  if (validFrom < today) return periodPast({ today });
  const days = (Date.parse(validTo) - Date.parse(validFrom)) / DAY_MS + 1;
  return days > LONGEST_DEPUTY_DAYS ? periodTooLong({ days: LONGEST_DEPUTY_DAYS }) : undefined;
}
