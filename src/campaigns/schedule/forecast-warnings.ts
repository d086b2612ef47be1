import { formatLocalTime } from '../../platform/clock';
import { fillIn, type Localised } from '../../platform/errors';

/** What somebody should know before a campaign is approved, in the order in which it is shown. */
const WARNINGS = {
  'never-opens': {
    vi: 'Khung giờ gửi không mở vào ngày nào trong 400 ngày tới nên không tin nào được gửi. Hãy chọn thêm ngày trong tuần.',
    en: 'The sending window opens on no day of the next 400, so nothing will be sent. Choose more days of the week.',
  },
  'starts-outside-window': {
    vi: 'Giờ bắt đầu nằm ngoài khung giờ gửi: tin đầu tiên đi lúc {startsAt}.',
    en: 'The start lies outside of the sending window: the first text leaves at {startsAt}.',
  },
  'gateway-away': {
    vi: 'Cổng nhắn tin của chiến dịch hiện không nhận tin; lý do có trong phần tình trạng của cổng (/health). Giờ kết thúc được tính như thể cổng nhận tin lại ngay.',
    en: 'The gateway of the campaign takes no texts now; its health (/health) says why. The end is reckoned as if it took them again at once.',
  },
  'waits-for-look': {
    vi: 'Sau đợt gửi đầu, chiến dịch dừng chờ người kiểm tra. Giờ kết thúc được tính như thể người đó cho gửi tiếp ngay.',
    en: 'After the first wave the campaign waits for somebody to look. The end is reckoned as if that person let it go on at once.',
  },
  'waits-for-others': {
    vi: 'Các chiến dịch khác đang chờ ở cổng nhắn tin này: {segmentsOfOthers} bản tin (MT) của chúng đi trước tin cuối của chiến dịch này.',
    en: 'Other campaigns wait at this gateway: {segmentsOfOthers} segments of theirs leave before the last text of this one.',
  },
  'stopped-by-quota': {
    vi: 'Hợp đồng chỉ cho gửi {segmentsPerDay} bản tin (MT) mỗi ngày, nên việc gửi dừng khi đủ số đó và tiếp tục vào ngày sau.',
    en: 'The contract permits {segmentsPerDay} segments a day: sending stops when they are used up and goes on the next day.',
  },
  'slower-than-spread': {
    vi: 'Cổng nhắn tin không kịp gửi hết trong thời gian rải đã chọn; việc gửi sẽ lâu hơn.',
    en: 'The gateway cannot send everything within the time chosen for spreading; it will take longer.',
  },
  'ends-after-deadline': {
    vi: 'Đến hạn chót {deadline}, {expires} tin còn chưa gửi và sẽ hết hạn. Hãy bắt đầu sớm hơn, lùi hạn chót hoặc bỏ rải tin.',
    en: 'At the deadline, {deadline}, {expires} texts will be unsent and expire. Start earlier, move the deadline or do not spread.',
  },
  'no-end-in-sight': {
    vi: 'Với khung giờ gửi này, chiến dịch không xong trong 400 ngày. Hãy nới khung giờ gửi hoặc bỏ rải tin.',
    en: 'Within this sending window the campaign will not be done in 400 days. Widen the window or do not spread.',
  },
} as const satisfies Record<string, Localised>;

export type ForecastWarningCode = keyof typeof WARNINGS;

export interface ForecastWarning extends Localised {
  readonly code: ForecastWarningCode;
}

/** What the sentences are filled with. */
export interface WarningFacts {
  readonly startsAt: Date | null;
  readonly deadline: Date | null;
  readonly expires: number;
  readonly segmentsOfOthers: number;
  readonly segmentsPerDay: number | null;
}

/** The sentences for those codes that apply. */
export function warningsOf(
  applies: Readonly<Record<ForecastWarningCode, boolean>>,
  { startsAt, deadline, expires, segmentsOfOthers, segmentsPerDay }: WarningFacts,
): ForecastWarning[] {
  const params = {
    startsAt: startsAt ? inWords(startsAt) : '',
    deadline: deadline ? inWords(deadline) : '',
    ...{ expires, segmentsOfOthers, segmentsPerDay: segmentsPerDay ?? '' },
  };
  const codes = (Object.keys(WARNINGS) as ForecastWarningCode[]).filter((code) => applies[code]);
  return codes.map((code) => ({ code, ...fillIn(WARNINGS[code], params) }));
}

/** `07:00 24/11/2026`, Vietnam's time. */
function inWords(at: Date): string {
  const [, year, month, day, time] = /^(\d+)-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(formatLocalTime(at))!;
  return `${time} ${Number(day)}/${Number(month)}/${year}`;
}
