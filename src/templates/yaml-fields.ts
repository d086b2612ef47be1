import { fault, type FaultFactory, type FaultParams, type FieldFault } from '../platform/errors';
import { asFieldFault } from './template-faults';

const missing = fault('invalid', 'template.field-missing', {
  vi: 'Thiếu mục {name}; hãy bổ sung.',
  en: 'The field {name} is missing; add it.',
});
const unknown = fault('invalid', 'template.field-unknown', {
  vi: 'Không có mục {name}; hãy bỏ đi hoặc sửa lại tên.',
  en: 'There is no field {name}; remove it or correct its name.',
});
const notText = fault('invalid', 'template.field-not-text', {
  vi: 'Mục {name} phải là một chuỗi ký tự có nội dung; nếu là số, hãy đặt trong dấu nháy.',
  en: 'The field {name} must be a text that is not blank; put a number into quotes.',
});
const notFlag = fault('invalid', 'template.field-not-flag', {
  vi: 'Mục {name} phải là true hoặc false.',
  en: 'The field {name} must be true or false.',
});
const notMap = fault('invalid', 'template.field-not-map', {
  vi: 'Mục {name} phải gồm các cặp “tên: giá trị”.',
  en: 'The field {name} must be a map of names and values.',
});
const notList = fault('invalid', 'template.field-not-list', {
  vi: 'Mục {name} phải là một danh sách có ít nhất một dòng.',
  en: 'The field {name} must be a list of at least one item.',
});
const notDate = fault('invalid', 'template.field-not-date', {
  vi: 'Mục {name} phải là một ngày có thật, viết dạng năm-tháng-ngày (ví dụ 2021-05-23).',
  en: 'The field {name} must be a real date, written year-month-day (such as 2021-05-23).',
});

const notCode = fault('invalid', 'template.code-malformed', {
  vi: 'Mục {name} phải là mã viết thường không dấu, các từ nối bằng dấu gạch ngang, ví dụ election-day-reminder.',
  en: 'The field {name} must be a code in lower-case ASCII, words joined by hyphens, such as election-day-reminder.',
});

const CODE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

type YamlMap = Readonly<Record<string, unknown>>;

/**
 * One map of a YAML file under inspection. A reading that fails notes the fault in the list shared by all maps of the
 * file and answers with a harmless value, so that one pass names everything that is wrong.
 */
export class YamlFields {
  constructor(
    private readonly map: YamlMap,
    private readonly path: string,
    readonly faults: FieldFault[],
  ) {}

  /** The whole document, which must be a map. */
  static ofDocument(data: unknown, faults: FieldFault[]): YamlFields {
    return new YamlFields({ '---': data }, '', faults).inner('---', '');
  }

  keys(): string[] {
    return Object.keys(this.map);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.map, key) && this.map[key] !== null;
  }

  refuse(factory: FaultFactory, key: string, params: FaultParams = {}): void {
    const field = this.path === '' ? key : `${this.path}.${key}`;
    this.faults.push(asFieldFault(field, factory({ name: field, ...params })));
  }

  refuseOthersThan(known: readonly string[]): void {
    for (const key of this.keys()) if (!known.includes(key)) this.refuse(unknown, key);
  }

  text(key: string): string {
    if (!this.has(key)) this.refuse(missing, key);
    return this.optionalText(key) ?? '';
  }

  optionalText(key: string): string | undefined {
    if (!this.has(key)) return undefined;
    const value = this.map[key];
    if (typeof value === 'string' && value.trim() !== '') return value.normalize('NFC').trim();
    this.refuse(notText, key);
    return undefined;
  }

  /** A code in kebab-case; empty when a fault was noted instead. */
  code(key: string): string {
    const code = this.text(key);
    if (code === '' || CODE.test(code)) return code;
    this.refuse(notCode, key);
    return '';
  }

  /** A local calendar date, `yyyy-mm-dd`. */
  optionalDate(key: string): string | undefined {
    const text = this.optionalText(key);
    if (text === undefined || isDate(text)) return text;
    this.refuse(notDate, key);
    return undefined;
  }

  flag(key: string): boolean {
    if (!this.has(key)) return false;
    if (typeof this.map[key] !== 'boolean') this.refuse(notFlag, key);
    return this.map[key] === true;
  }

  /** The map below a key; an absent one is empty. */
  inner(key: string, path = this.path === '' ? key : `${this.path}.${key}`): YamlFields {
    const value = this.has(key) ? this.map[key] : {};
    if (isMap(value)) return new YamlFields(value, path, this.faults);
    this.refuse(notMap, key);
    // That it is no map has been said; what it therefore lacks need not be.
    return new YamlFields({}, path, []);
  }

  /** The maps of a list of at least one. */
  list(key: string): YamlFields[] {
    const value = this.map[key];
    if (!this.has(key)) this.refuse(missing, key);
    else if (!Array.isArray(value) || value.length === 0) this.refuse(notList, key);
    const items: unknown[] = Array.isArray(value) ? value : [];
    const named = Object.fromEntries(items.map((item, index) => [`${key}[${index}]`, item]));
    const indexed = new YamlFields(named, this.path, this.faults);
    return indexed.keys().map((itemKey) => indexed.inner(itemKey));
  }
}

function isMap(value: unknown): value is YamlMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
