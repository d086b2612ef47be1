import type { Localised } from '../platform/errors';
import { bareName } from './bare-name';
import { writtenDate } from './written-date';
import { writtenNumber } from './written-number';

/** Writes a value in another form; undefined when the value has none. */
export type Format = (value: string) => string | undefined;

export interface FormattingHelper {
  readonly format: Format;
  /** Forms chosen by a second argument in quotes. */
  readonly styles?: ReadonlyMap<string, Format>;
  /** Whether there are values that it cannot write. */
  readonly isPicky: boolean;
  readonly usage: string;
}

/** What may stand before a variable in `{{helper variable}}`. */
export const FORMATTING_HELPERS: ReadonlyMap<string, FormattingHelper> = new Map<string, FormattingHelper>([
  [
    'date',
    {
      format: (value: string) => writtenDate(value),
      styles: new Map([['long', (value: string) => writtenDate(value, 'long')]]),
      isPicky: true,
      usage: '{{date ngay_bau_cu}}, {{date ngay_bau_cu "long"}}',
    },
  ],
  ['number', { format: writtenNumber, isPicky: true, usage: '{{number so_tien}}' }],
  ['bareName', { format: bareName, isPicky: false, usage: '{{bareName ho_ten}}' }],
  [
    'upper',
    { format: (value: string) => value.normalize('NFC').toUpperCase(), isPicky: false, usage: '{{upper ho_ten}}' },
  ],
]);

export interface TemplateHelper {
  readonly name: string;
  readonly does: Localised;
  /** A body that uses it, a value for its variable, and the text that comes of them. */
  readonly example: { readonly body: string; readonly value: string; readonly text: string };
}

/** Everything a body may use beside plain variables, for those who write templates. */
export const TEMPLATE_HELPERS: readonly TemplateHelper[] = [
  {
    name: 'if',
    does: {
      vi: 'Chỉ ghi phần bên trong khi biến có giá trị; phần sau {{else}} (nếu có) được ghi khi biến để trống.',
      en: 'Writes what it encloses only when the variable has a value; what follows {{else}}, if any, when it is blank.',
    },
    example: {
      body: 'Mang theo thẻ cử tri{{#if gia_tri}}, ĐT: {{gia_tri}}{{else}}, hỏi tại UBND xã{{/if}}.',
      value: '0296 3000000',
      text: 'Mang theo thẻ cử tri, ĐT: 0296 3000000.',
    },
  },
  {
    name: 'unless',
    does: {
      vi: 'Ngược với if: ghi phần bên trong khi biến để trống.',
      en: 'The opposite of if: writes what it encloses when the variable is blank.',
    },
    example: {
      body: 'Mời đi bầu cử{{#unless gia_tri}} tại nơi ghi trên thẻ cử tri{{/unless}}.',
      value: '',
      text: 'Mời đi bầu cử tại nơi ghi trên thẻ cử tri.',
    },
  },
  {
    name: 'date',
    does: {
      vi: 'Ghi ngày theo thể thức văn bản (23/5/2021, 08/3/2026); thêm "long" để ghi 23 tháng 5 năm 2021. Chữ “ngày” viết ở mẫu tin. Nhận 2021-05-23, 23/5/2021 hoặc 23-05-2021.',
      en: 'Writes a day as official documents do (23/5/2021, 08/3/2026); with "long" as 23 tháng 5 năm 2021. The word “ngày” stands in the body. Takes 2021-05-23, 23/5/2021 or 23-05-2021.',
    },
    example: { body: 'ngày {{date gia_tri "long"}}', value: '2021-05-23', text: 'ngày 23 tháng 5 năm 2021' },
  },
  {
    name: 'number',
    does: {
      vi: 'Ghi số với dấu chấm ngăn cách hàng nghìn, dấu phẩy trước phần thập phân. Nhận 1500000, 1.500.000 hoặc 2,5.',
      en: 'Writes a number with points between thousands and a comma before decimals. Takes 1500000, 1.500.000 or 2,5.',
    },
    example: { body: 'phạt {{number gia_tri}} đồng', value: '1500000', text: 'phạt 1.500.000 đồng' },
  },
  {
    name: 'bareName',
    does: {
      vi: 'Ghi tên không kèm danh xưng đứng đầu (Ông, Bà, Anh, Chị…). Tên như “Anh Thư” được giữ nguyên.',
      en: 'Writes a name without the title before it (Ông, Bà, Anh, Chị…). A name such as “Anh Thư” stays whole.',
    },
    example: { body: 'cử tri {{bareName gia_tri}}', value: 'Ông Nguyễn Văn An', text: 'cử tri Nguyễn Văn An' },
  },
  {
    name: 'upper',
    does: { vi: 'Ghi chữ in hoa, giữ nguyên dấu.', en: 'Writes capitals and keeps the accents.' },
    example: { body: '{{upper gia_tri}}', value: 'Đặng Thị Thủy', text: 'ĐẶNG THỊ THỦY' },
  },
];
