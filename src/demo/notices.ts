import { AFFECTED_SUBSCRIBERS, SUBSCRIBERS } from './office-rows';

/** One of the four campaigns of the story. */
export interface Notice {
  readonly name: string;
  /** Of a notice shipped in templates/. */
  readonly templateCode: string;
  readonly values: Readonly<Record<string, string>>;
  readonly onlyAffectedAreas: boolean;
  readonly setsAside: readonly (keyof typeof REASONS)[];
}

/** Why a rule of sending does not hold for the demonstration; kept on record with each campaign. */
const REASONS = {
  urgent: 'Bản trình diễn: gửi qua cổng mô phỏng, không nhắn cho ai, nên chạy được vào giờ bất kỳ',
  expiredTemplate: 'Bản trình diễn: tái hiện thông báo của năm 2021, quy định nay đã hết hiệu lực',
  fatigueCap: 'Bản trình diễn: hai thông báo cùng chủ đề của năm 2021 được gửi lại trong một ngày',
};

const ELECTION_DAY = '23/5/2021';

/**
 * Two notices on the elections of 23 May 2021 and one on COVID-19 to all, one more to the affected areas: 3 × 37,400 +
 * 28,000 = 140,200 texts. Without accents, as most offices send them: half the segments.
 */
export const NOTICES: readonly Notice[] = [
  {
    name: 'Kiểm tra danh sách cử tri',
    templateCode: 'voter-list-check',
    values: { ngay_bau_cu: ELECTION_DAY },
    onlyAffectedAreas: false,
    setsAside: ['urgent'],
  },
  {
    name: `Nhắc ngày bầu cử ${ELECTION_DAY}`,
    templateCode: 'election-day-reminder',
    values: {
      khoa_qh: 'XV',
      ngay_bau_cu: ELECTION_DAY,
      gio_mo: '7 giờ',
      gio_dong: '19 giờ',
      diem_bau_cu: 'nơi ghi trên thẻ cử tri',
    },
    onlyAffectedAreas: false,
    setsAside: ['urgent', 'fatigueCap'],
  },
  {
    name: 'Đeo khẩu trang nơi công cộng',
    templateCode: 'covid-19-face-masks',
    values: {},
    onlyAffectedAreas: false,
    setsAside: ['urgent', 'expiredTemplate'],
  },
  {
    name: 'Chấp hành cách ly y tế (vùng dịch)',
    templateCode: 'covid-19-quarantine',
    values: {},
    onlyAffectedAreas: true,
    setsAside: ['urgent', 'expiredTemplate', 'fatigueCap'],
  },
];

export const SENDER = 'STP ANGIANG';

/** The reasons as a campaign takes them. */
export function overridesOf({ setsAside }: Notice): Partial<typeof REASONS> {
  return Object.fromEntries(setsAside.map((rule) => [rule, REASONS[rule]]));
}

/** How many people a notice goes to. */
export function audienceOf({ onlyAffectedAreas }: Notice, scale: number): number {
  return (onlyAffectedAreas ? AFFECTED_SUBSCRIBERS : SUBSCRIBERS) * scale;
}

/** 140,200 times the scale. */
export function messagesExpected(scale: number): number {
  return NOTICES.reduce((sum, notice) => sum + audienceOf(notice, scale), 0);
}
