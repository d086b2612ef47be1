import type { Language, Localised } from '../platform/errors';
import { LANGUAGE_NAMES } from '../subscribers';
import type { PersonRecord } from './person.read-model';

/** One line of what a citizen is given: what it is about, and what is known. */
export interface SheetLine {
  readonly part: string;
  readonly field: string;
  readonly value: string;
}

const NOTHING: Localised = { vi: '(không có)', en: '(nothing)' };

const PARTS = {
  subscriber: { vi: 'Hồ sơ thuê bao', en: 'Record' },
  lists: { vi: 'Danh sách', en: 'List' },
  history: { vi: 'Lịch sử thay đổi', en: 'History' },
  importRows: { vi: 'Dòng trong tệp đã nhập', en: 'Row of an imported file' },
  optOut: { vi: 'Từ chối nhận tin', en: 'Opt-out' },
  consents: { vi: 'Văn bản đồng ý', en: 'Consent' },
  withdrawals: { vi: 'Rút khỏi danh sách', en: 'Withdrawn from a list' },
  undelivered: { vi: 'Tin không đến máy', en: 'Texts not delivered' },
  messages: { vi: 'Tin nhắn', en: 'Text' },
  requests: { vi: 'Yêu cầu đã gửi', en: 'Request' },
} as const satisfies Partial<Record<keyof PersonRecord, Localised>>;

/** In the words of the Department; what is not named here goes by its name in the JSON. */
const FIELDS: Readonly<Record<string, Localised>> = {
  phone: { vi: 'Số điện thoại', en: 'Number' },
  fullName: { vi: 'Họ tên', en: 'Name' },
  name: { vi: 'Tên', en: 'Name' },
  area: { vi: 'Địa bàn', en: 'Area' },
  areaText: { vi: 'Địa bàn như trong tệp', en: 'Area as in the file' },
  hamlet: { vi: 'Ấp/khóm', en: 'Hamlet' },
  language: { vi: 'Ngôn ngữ muốn nhận tin (không phải dân tộc)', en: 'Language wished for texts (not ethnicity)' },
  purpose: { vi: 'Mục đích', en: 'Purpose' },
  legalBasis: { vi: 'Căn cứ pháp lý', en: 'Legal basis' },
  source: { vi: 'Nguồn', en: 'Source' },
  retainUntil: { vi: 'Lưu đến ngày', en: 'Kept until' },
  fileName: { vi: 'Tên tệp', en: 'File' },
  rowNumber: { vi: 'Dòng', en: 'Row' },
  verdict: { vi: 'Kết quả', en: 'Verdict' },
  cells: { vi: 'Các ô trong dòng', en: 'Cells' },
  at: { vi: 'Thời điểm', en: 'Time' },
  act: { vi: 'Việc làm', en: 'Act' },
  before: { vi: 'Trước', en: 'Before' },
  after: { vi: 'Sau', en: 'After' },
  reason: { vi: 'Lý do', en: 'Reason' },
  recordedAt: { vi: 'Ghi nhận lúc', en: 'Recorded' },
  campaign: { vi: 'Chiến dịch', en: 'Campaign' },
  day: { vi: 'Ngày gửi', en: 'Day' },
  state: { vi: 'Trạng thái', en: 'State' },
  text: { vi: 'Nội dung', en: 'Text' },
  kind: { vi: 'Loại', en: 'Kind' },
  channel: { vi: 'Hình thức', en: 'Channel' },
  receivedAt: { vi: 'Nhận lúc', en: 'Received' },
  dueAt: { vi: 'Hạn trả lời', en: 'Due' },
  answer: { vi: 'Trả lời', en: 'Answer' },
  answeredAt: { vi: 'Trả lời lúc', en: 'Answered' },
};

/** The whole export as lines of a spreadsheet, part by part; a part of which nothing is known says so. */
export function* personSheet(record: PersonRecord, language: Language): Generator<SheetLine> {
  for (const [key, title] of Object.entries(PARTS) as [keyof typeof PARTS, Localised][]) {
    const found = record[key];
    const entries: readonly Readonly<Record<string, unknown>>[] = Array.isArray(found) ? found : found ? [found] : [];
    if (entries.length === 0) yield { part: title[language], field: '', value: NOTHING[language] };
    for (const [place, entry] of entries.entries()) {
      const part = entries.length > 1 ? `${title[language]} ${place + 1}` : title[language];
      for (const [name, value] of Object.entries(entry)) {
        if (value === null || value === undefined) continue;
        yield { part, field: FIELDS[name]?.[language] ?? name, value: sayField(name, value, language) };
      }
    }
  }
}

function sayField(name: string, value: unknown, language: Language): string {
  const known = name === 'language' ? LANGUAGE_NAMES[value as keyof typeof LANGUAGE_NAMES] : undefined;
  return known?.[language] ?? sayValue(value);
}

function sayValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(sayValue).join(' | ');
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  const said = Object.entries(value).filter(([, inner]) => inner !== null);
  return said.map(([name, inner]) => `${name}: ${sayValue(inner)}`).join('; ');
}
