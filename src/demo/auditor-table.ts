import type { RestClient } from './rest-client';
import type { StatisticsFigures, StatisticsRow, StatisticsTable } from './service-views';
import { displayWidth, formatCount, padEnd, padStart } from './vietnamese-format';

/** What an auditor reads: all figures by topic and campaign, and the topics and the whole with people counted once. */
export interface AuditorsView {
  readonly total: StatisticsFigures;
  readonly topics: readonly StatisticsRow[];
  readonly campaigns: readonly StatisticsRow[];
}

export async function readAsAuditor(auditor: RestClient): Promise<AuditorsView> {
  const { total, rows: topics } = await auditor.get<StatisticsTable>('/api/v1/statistics?by=topic');
  const { rows: campaigns } = await auditor.get<StatisticsTable>('/api/v1/statistics?by=topic,campaign');
  return { total, topics, campaigns };
}

const COLUMNS: readonly (readonly [title: string, figure: keyof StatisticsFigures])[] = [
  ['Thuê bao', 'subscribers'],
  ['Lượt tin', 'messages'],
  ['Bản tin MT', 'segments'],
  ['Tiếp nhận', 'accepted'],
  ['Đã nhận', 'delivered'],
  ['Thất bại', 'failed'],
  ['Không rõ', 'unknown'],
];
const GAP = '  ';

/** The table in Vietnamese, line by line; numbers as Vietnam writes them (140.200). */
export function auditorsTable({ total, topics, campaigns }: AuditorsView): string[] {
  const body = topics.flatMap((topic) => [
    [topic.topic?.name ?? '(không có chủ đề)', ...figuresOf(topic)],
    ...campaigns
      .filter((row) => row.topic?.code === topic.topic?.code)
      .map((row) => [`  ${row.campaign?.name ?? '(không có chiến dịch)'}`, ...figuresOf(row)]),
  ]);
  const head = ['Chủ đề và chiến dịch', ...COLUMNS.map(([title]) => title)];
  const foot = ['Tổng cộng', ...figuresOf(total)];
  const widths = head.map((_, column) => Math.max(...[head, ...body, foot].map((row) => displayWidth(row[column]!))));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 0 ? padEnd : padStart)(cell, widths[column]!)).join(GAP);
  const rule = widths.map((width) => '─'.repeat(width)).join(GAP);
  return [line(head), rule, ...body.map(line), rule, line(foot)];
}

function figuresOf(row: StatisticsFigures): string[] {
  return COLUMNS.map(([, figure]) => formatCount(row[figure]));
}
