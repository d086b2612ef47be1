import type { Language, Localised } from '../platform/errors';
import type { CsvColumn } from '../platform/http/csv-download';
import { Figures, FIGURES } from './figures';
import type { Dimension, Period } from './scope';
import type { StatisticsRow, StatisticsTable } from './statistics-table';

export interface CsvTable {
  readonly columns: readonly CsvColumn[];
  readonly rows: readonly Readonly<Record<string, string | number>>[];
  readonly fileName: string;
}

/** In the words of the Department's reports. */
const FIGURE_HEADERS: Readonly<Record<keyof Figures, Localised>> = {
  messages: { vi: 'Lượt tin nhắn', en: 'Messages' },
  segments: { vi: 'Số bản tin (MT)', en: 'Segments (MT)' },
  subscribers: { vi: 'Thuê bao (không trùng)', en: 'Distinct subscribers' },
  accepted: { vi: 'Nhà mạng tiếp nhận', en: 'Accepted' },
  delivered: { vi: 'Đã nhận (thành công)', en: 'Delivered' },
  undelivered: { vi: 'Không đến máy nhận', en: 'Undelivered' },
  failed: { vi: 'Thất bại', en: 'Failed' },
  unknown: { vi: 'Không rõ kết quả', en: 'Unknown outcome' },
  suppressed: { vi: 'Không gửi do từ chối hoặc thu hồi dữ liệu', en: 'Suppressed (opted out or withdrawn)' },
  cancelled: { vi: 'Đã hủy', en: 'Cancelled' },
  expired: { vi: 'Quá hạn', en: 'Expired' },
  pending: { vi: 'Chưa có kết quả', en: 'Pending' },
};

interface DimensionColumn {
  readonly key: string;
  readonly header: Localised;
  readonly cell: (row: StatisticsRow, language: Language) => string | number;
}

const NO_CAMPAIGN: Localised = { vi: '(ngoài chiến dịch)', en: '(no campaign)' };
const NO_AREA: Localised = { vi: '(chưa rõ địa bàn)', en: '(no area)' };
const TOTAL: Localised = { vi: 'Tổng cộng', en: 'Total' };

const DIMENSION_COLUMNS: Readonly<Record<Dimension, readonly DimensionColumn[]>> = {
  year: [{ key: 'year', header: { vi: 'Năm', en: 'Year' }, cell: ({ year }) => year! }],
  month: [{ key: 'month', header: { vi: 'Tháng', en: 'Month' }, cell: ({ month }) => month! }],
  topic: [
    {
      key: 'topic',
      header: { vi: 'Chủ đề', en: 'Topic' },
      cell: ({ topic }, language) => topic?.name ?? NO_CAMPAIGN[language],
    },
  ],
  campaign: [
    {
      key: 'campaign',
      header: { vi: 'Chiến dịch', en: 'Campaign' },
      cell: ({ campaign }, language) => campaign?.name ?? NO_CAMPAIGN[language],
    },
    // Two campaigns may have one name.
    {
      key: 'campaignId',
      header: { vi: 'Mã chiến dịch', en: 'Campaign id' },
      cell: ({ campaign }) => campaign?.id ?? '',
    },
  ],
  area: [
    {
      key: 'area',
      header: { vi: 'Địa bàn', en: 'Area' },
      cell: ({ area }, language) => area?.name ?? NO_AREA[language],
    },
  ],
};

/** The table as a spreadsheet: the totals are its last row, and its only one when there is no dimension. */
export function csvOf({ period, by, total, rows }: StatisticsTable, language: Language): CsvTable {
  const dimensions = by.flatMap((dimension) => DIMENSION_COLUMNS[dimension]);
  const columns = [
    ...dimensions.map(({ key, header }) => ({ key, header: header[language] })),
    ...FIGURES.map((key) => ({ key, header: FIGURE_HEADERS[key][language] })),
  ];
  const lines = rows.map((row) => ({
    ...Object.fromEntries(dimensions.map(({ key, cell }) => [key, cell(row, language)])),
    ...figureCells(row),
  }));
  const [first] = dimensions;
  const lastLine = { ...(first ? { [first.key]: TOTAL[language] } : {}), ...figureCells(total) };
  return { columns, rows: [...(first ? lines : []), lastLine], fileName: fileNameOf(period, language) };
}

function figureCells(figures: Figures): Record<string, number> {
  return Object.fromEntries(FIGURES.map((name) => [name, figures[name]]));
}

function fileNameOf({ from, to }: Period, language: Language): string {
  const days = [
    from && { vi: `tu-${from}`, en: `from-${from}` }[language],
    to && { vi: `den-${to}`, en: `to-${to}` }[language],
  ];
  return `${[{ vi: 'thong-ke', en: 'statistics' }[language], ...days].filter(Boolean).join('-')}.csv`;
}
