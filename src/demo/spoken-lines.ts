import type { Bilingual } from './bilingual';
import { formatEnglishCount } from './english-format';
import type { LedgerFacts } from './ledger-witness';
import { messagesExpected } from './notices';
import { SUBSCRIBERS } from './office-rows';
import type { ImportReport } from './service-views';
import { formatCount } from './vietnamese-format';

/** What the demo is, and that nobody need fear for his phone. */
export function openingLine(scale: number): Bilingual {
  const [messages, subscribers] = [messagesExpected(scale), SUBSCRIBERS * scale];
  return {
    vi:
      `Bản trình diễn: tái hiện năm 2021 với ${formatCount(messages)} lượt tin nhắn đến ${formatCount(subscribers)} ` +
      'thuê bao, qua một cổng mô phỏng, không nhắn cho ai.',
    en:
      `A demo: replays the year 2021, ${formatEnglishCount(messages)} texts to ${formatEnglishCount(subscribers)} ` +
      'subscribers, through a simulator; nobody is texted.',
  };
}

type RowCounts = Omit<ImportReport, 'id' | 'state' | 'revision'>;

export function importLine({ rows, added, changed, unchanged, repeated, rejected, warned }: RowCounts): Bilingual {
  const taken = added + changed + unchanged;
  const sentence = (format: (count: number) => string, words: readonly string[]): string => {
    const counts = [taken, repeated, rejected, warned].map((count, at) => `${format(count)} ${words[at]}`);
    return `${format(rows)} ${words[4]}: ${counts.join(', ')}.`;
  };
  const vi = ['thuê bao', 'dòng trùng', 'dòng bị loại', 'dòng cần xem lại', 'dòng'];
  const en = ['subscribers', 'repeated', 'rejected', 'to look at', 'rows'];
  return { vi: `Đã nhập ${sentence(formatCount, vi)}`, en: `Imported ${sentence(formatEnglishCount, en)}` };
}

/** What every campaign has behind it, and which rules do not hold for a demonstration. */
export function preparedLine(documentNumber: string): Bilingual {
  return {
    vi:
      `Đã tải lên văn bản mẫu ${documentNumber}. Vì không nhắn cho ai, quy tắc về giờ gửi, hiệu lực của mẫu tin và số ` +
      'tin trong ngày được bỏ qua; lý do được ghi lại.',
    en:
      'The sample of an official document is uploaded. As nobody is texted, the rules on hours, on validity of notices ' +
      'and on texts a day are set aside; the reasons are on record.',
  };
}

export function triedLine(name: string): string {
  return `Đã gửi thử cho cán bộ / tried on staff: ${name}`;
}

export interface Approved {
  readonly messages: number;
  readonly segments: number;
  /** Null while nobody has entered a price. */
  readonly costVnd: number | null;
  /** When its last text would leave, `2021-05-20T08:00:00+07:00`; null when nothing is left. */
  readonly endsAt: string | null;
}

/** What the approver saw and approved; each line is both languages. */
export function approvalLines(name: string, { messages, segments, costVnd, endsAt }: Approved): string[] {
  const [vi, en] = [formatCount, formatEnglishCount];
  return [
    `Đã duyệt / approved: ${name}`,
    `  ${vi(messages)} lượt tin nhắn, ${vi(segments)} bản tin (MT) / ${en(messages)} texts, ${en(segments)} segments`,
    ...(costVnd === null ? [] : [`  ${vi(costVnd)} đồng (đơn giá ví dụ) / VND ${en(costVnd)} (an example price)`]),
    ...(endsAt === null ? [] : [`  dự báo: gửi xong lúc / forecast: ends at ${endsAt.slice(11, 19)}`]),
  ];
}

/**
 * For figures in which no fault was found.
 *
 * @param accepted by the service's statistics; what else is on the ledger is unknown to the service
 */
export function agreementLine({ accepted: onLedger, tests }: LedgerFacts, accepted: number): Bilingual {
  const inDoubt = onLedger - accepted;
  const [vi, en] =
    inDoubt === 0
      ? ['', '']
      : [
          ` (${formatCount(inDoubt)} lượt trong đó hệ thống ghi là không rõ kết quả)`,
          ` (${formatEnglishCount(inDoubt)} of them unknown to the service)`,
        ];
  return {
    vi:
      `Đã đối chiếu với sổ của cổng mô phỏng: khớp. Sổ ghi tiếp nhận ${formatCount(onLedger)} lượt tin nhắn${vi} và ` +
      `${formatCount(tests)} tin gửi thử, không số nào nhận hai lần trong một chiến dịch.`,
    en:
      `Compared with the simulator's ledger, it agrees: ${formatEnglishCount(onLedger)} texts accepted${en} and ` +
      `${formatEnglishCount(tests)} test texts, no number twice in a campaign.`,
  };
}

/** @param peakRssMb null where the system does not say */
export function costLine(totalSeconds: number, peakRssMb: number | null): Bilingual {
  return {
    vi: `Tổng thời gian: ${formatCount(totalSeconds)} giây; bộ nhớ cao nhất: ${peakRssMb === null ? 'không rõ' : `${peakRssMb} MB`}.`,
    en: `Total time: ${formatEnglishCount(totalSeconds)} s; peak memory: ${peakRssMb === null ? 'unknown' : `${peakRssMb} MB`}.`,
  };
}

/** @param url where the service runs on; undefined when it has ended */
export function nextLine(url: string | undefined): Bilingual {
  if (url === undefined) {
    return { vi: 'Tiếp theo: npm start để dùng thật (xem README).', en: 'Next: npm start for real use (see README).' };
  }
  return {
    vi: `Tiếp theo: dịch vụ vẫn chạy tại ${url}, thử API tại ${url}/api/docs; Ctrl-C để dừng; npm start để dùng thật.`,
    en: `Next: the service goes on at ${url}, try its API at ${url}/api/docs; Ctrl-C ends it; npm start for real use.`,
  };
}
