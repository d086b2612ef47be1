import type { RestClient } from './rest-client';
import type { StatisticsFigures, StatisticsRow, StatisticsTable } from './service-views';
import { displayWidth, formatCount, padEnd, padStart, wrapWords } from './vietnamese-format';

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
  ['Bản tin (MT)', 'segments'],
  ['Tiếp nhận', 'accepted'],
  ['Đã nhận', 'delivered'],
  ['Thất bại', 'failed'],
  ['Không rõ', 'unknown'],
];
const GAP = '  ';
const INDENTATION = '  ';
const HEAD = 'Chủ đề và chiến dịch';

/** A name, how far it stands in, and its figures. */
interface TableRow {
  readonly name: string;
  readonly indentation: string;
  readonly cells: readonly string[];
}

/**
 * The table in Vietnamese, line by line; numbers as Vietnam writes them (140.200). Where one line a row is too wide for
 * the columns there are, titles and names are broken between words.
 */
export function auditorsTable(view: AuditorsView, columns: number): string[] {
  const foot: TableRow = { name: 'Tổng cộng', indentation: '', cells: figuresOf(view.total) };
  const rows = [...bodyOf(view), foot];
  const titles = COLUMNS.map(([title]) => title);
  const figureWidths = titles.map((_, at) => widest(rows.map(({ cells }) => cells[at]!)));
  const names = [HEAD, ...rows.map(({ indentation, name }) => indentation + name)];
  const wide = [widest(names), ...titles.map((title, at) => Math.max(displayWidth(title), figureWidths[at]!))];
  if (widthOf(wide) <= columns) return layOut(rows, titles, wide);
  const narrow = titles.map((title, at) => Math.max(widest(title.split(' ')), figureWidths[at]!));
  const room = columns - widthOf([0, ...narrow]);
  const longestWord = widest(
    rows.flatMap(({ indentation, name }) => name.split(' ').map((word) => indentation + word)),
  );
  return layOut(rows, titles, [Math.max(longestWord, Math.min(room, wide[0]!)), ...narrow]);
}

function bodyOf({ topics, campaigns }: AuditorsView): TableRow[] {
  return topics.flatMap((topic) => [
    { name: topic.topic?.name ?? '(không có chủ đề)', indentation: '', cells: figuresOf(topic) },
    ...campaigns
      .filter((row) => row.topic?.code === topic.topic?.code)
      .map((row) => ({
        name: row.campaign?.name ?? '(không có chiến dịch)',
        indentation: INDENTATION,
        cells: figuresOf(row),
      })),
  ]);
}

/** @param widths of the names, then of the figures */
function layOut(rows: readonly TableRow[], titles: readonly string[], widths: readonly number[]): string[] {
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? padEnd : padStart)(cell, widths[column]!))
      .join(GAP)
      .trimEnd();
  const body = rows.map(({ name, indentation, cells }) =>
    wrapWords(name, widths[0]! - indentation.length).map((part, at) =>
      line([indentation + part, ...(at === 0 ? cells : [])]),
    ),
  );
  const stacks = [HEAD, ...titles].map((title, column) => wrapWords(title, widths[column]!));
  const height = Math.max(...stacks.map(({ length }) => length));
  // Titles stand right above the rule, however many lines they take.
  const head = Array.from({ length: height }, (_, at) =>
    line(stacks.map((stack) => stack[at - height + stack.length] ?? '')),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join(GAP);
  return [...head, rule, ...body.slice(0, -1).flat(), rule, ...body.at(-1)!];
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map(displayWidth));
}

function widthOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + (widths.length - 1) * GAP.length;
}

function figuresOf(row: StatisticsFigures): string[] {
  return COLUMNS.map(([, figure]) => formatCount(row[figure]));
}
