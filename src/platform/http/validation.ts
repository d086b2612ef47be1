import { type ArgumentMetadata, ValidationError, ValidationPipe } from '@nestjs/common';
import { Fault, FieldFault, fillIn, Localised } from '../errors';
import { isFitText } from './text-rules';

const UNKNOWN_RULE: Localised = { vi: 'Giá trị không hợp lệ.', en: 'The value is not valid.' };

const UNFIT_TEXT = {
  code: 'field.unfit-characters',
  message: {
    vi: 'Có ký tự điều khiển hoặc ký tự hỏng không hiển thị được. Hãy xóa chúng rồi gõ lại chỗ đó.',
    en: 'Holds control characters or broken ones that cannot be shown. Delete them and type that place again.',
  },
};
const UNKNOWN_FIELD = {
  code: 'field.unknown',
  message: {
    vi: 'Trường này không có trong yêu cầu. Hãy bỏ đi hoặc sửa tên.',
    en: 'There is no such field here. Remove it or correct its name.',
  },
};

const TOO_DEEP = {
  code: 'field.too-deep',
  message: { vi: 'Lồng nhau quá nhiều tầng.', en: 'Nested too deep.' },
};
/** Nothing of ours is nested deeper; what is could exhaust the stack of those who walk it. */
const DEEPEST = 10;
/** Faults that are named; their number is told in full. */
const MOST_NAMED = 100;

/**
 * The sentence for each class-validator rule in use: `{limit}` is the rule's number, `{values}` what it allows, and
 * `{form}` what the rule's own `context` says of the form wanted, in both languages.
 */
const SENTENCES: Readonly<Record<string, { code: string; text: Localised }>> = {
  whitelistValidation: { code: UNKNOWN_FIELD.code, text: UNKNOWN_FIELD.message },
  isString: { code: 'field.not-text', text: { vi: 'Phải là chữ.', en: 'Must be text.' } },
  isNotBlank: { code: 'field.empty', text: { vi: 'Không được để trống.', en: 'Must not be empty.' } },
  isOneLine: { code: 'field.not-one-line', text: { vi: 'Phải nằm trên một dòng.', en: 'Must be one line.' } },
  isNotEmpty: { code: 'field.empty', text: { vi: 'Không được để trống.', en: 'Must not be empty.' } },
  isDefined: { code: 'field.missing', text: { vi: 'Thiếu trường này.', en: 'This field is missing.' } },
  minLength: {
    code: 'field.too-short',
    text: { vi: 'Quá ngắn: ít nhất {limit} ký tự.', en: 'Too short: at least {limit} characters.' },
  },
  maxLength: {
    code: 'field.too-long',
    text: { vi: 'Quá dài: nhiều nhất {limit} ký tự.', en: 'Too long: at most {limit} characters.' },
  },
  isInt: { code: 'field.not-whole-number', text: { vi: 'Phải là số nguyên.', en: 'Must be a whole number.' } },
  min: { code: 'field.too-small', text: { vi: 'Quá nhỏ: ít nhất là {limit}.', en: 'Too small: at least {limit}.' } },
  max: { code: 'field.too-large', text: { vi: 'Quá lớn: nhiều nhất là {limit}.', en: 'Too large: at most {limit}.' } },
  isBoolean: { code: 'field.not-yes-or-no', text: { vi: 'Phải là true hoặc false.', en: 'Must be true or false.' } },
  isIn: {
    code: 'field.not-allowed',
    text: { vi: 'Phải là một trong: {values}.', en: 'Must be one of: {values}.' },
  },
  isArray: { code: 'field.not-a-list', text: { vi: 'Phải là danh sách [...].', en: 'Must be a list [...].' } },
  arrayMinSize: {
    code: 'field.too-few',
    text: { vi: 'Quá ít phần tử: ít nhất {limit}.', en: 'Too few entries: at least {limit}.' },
  },
  arrayMaxSize: {
    code: 'field.too-many',
    text: { vi: 'Quá nhiều phần tử: nhiều nhất {limit}.', en: 'Too many entries: at most {limit}.' },
  },
  arrayUnique: { code: 'field.repeated', text: { vi: 'Có phần tử lặp lại.', en: 'An entry is repeated.' } },
  isObject: { code: 'field.not-an-object', text: { vi: 'Phải là đối tượng {...}.', en: 'Must be an object {...}.' } },
  isDateString: {
    code: 'field.not-a-day',
    text: { vi: 'Phải là ngày có thật, dạng 2021-05-23.', en: 'Must be a day that exists, as 2021-05-23.' },
  },
  isLater: { code: 'field.not-later', text: { vi: '{form}', en: '{form}' } },
  matches: { code: 'field.wrong-form', text: { vi: 'Sai dạng: {form}', en: 'Wrong form: {form}' } },
};

/** Rules about the kind of a value: while one of them is broken, the others say nothing useful. */
const KIND_RULES = new Set(['isString', 'isInt', 'isBoolean', 'isArray', 'isObject', 'isIn', 'whitelistValidation']);

function rulesToName({ constraints = {}, value }: ValidationError): [string, string][] {
  const rules = Object.entries(constraints);
  if (rules.length > 0 && value === undefined && !('whitelistValidation' in constraints)) return [['isDefined', '']];
  const kinds = rules.filter(([rule]) => KIND_RULES.has(rule));
  return kinds.length > 0 ? kinds : rules;
}

/** class-validator tells the numbers and values of a rule only in its English sentence. */
function fillRule(text: Localised, sentence: string, form: Localised | undefined): Localised {
  const limit = /\d+/.exec(sentence)?.[0] ?? '';
  const values = sentence.split('following values: ')[1] ?? '';
  const filled = fillIn(text, { limit, values });
  return form ? { vi: filled.vi.replace('{form}', form.vi), en: filled.en.replace('{form}', form.en) } : filled;
}

/** Turns class-validator's tree into flat faults with paths such as `listIds[0]`. */
export function fieldFaults(errors: readonly ValidationError[], parent = ''): FieldFault[] {
  return errors.flatMap((error) => {
    const field = /^\d+$/.test(error.property)
      ? `${parent}[${error.property}]`
      : [parent, error.property].filter(Boolean).join('.');
    const own = rulesToName(error).map(([rule, sentence]) => {
      const { code, text } = SENTENCES[rule] ?? { code: 'field.invalid', text: UNKNOWN_RULE };
      return { field, code, message: fillRule(text, sentence, error.contexts?.[rule] as Localised | undefined) };
    });
    return [...own, ...fieldFaults(error.children ?? [], field)];
  });
}

/** class-transformer drops these names unseen, whatever a request means by them. */
const isInherited = (name: string): boolean => name in Object.prototype || name === 'prototype';

/** The faults of a value as it came, at any depth: names nothing of ours has, and text that must not be kept. */
export function rawFaults(value: unknown, field = '', depth = 0): FieldFault[] {
  if (typeof value === 'string') return isFitText(value) ? [] : [{ field, ...UNFIT_TEXT }];
  if (typeof value !== 'object' || value === null) return [];
  if (depth > DEEPEST) return [{ field, ...TOO_DEEP }];
  return Object.entries(value).flatMap(([name, inner]) => {
    const path = Array.isArray(value) ? `${field}[${name}]` : [field, name].filter(Boolean).join('.');
    if (!Array.isArray(value) && (isInherited(name) || !isFitText(name))) return [{ field: path, ...UNKNOWN_FIELD }];
    return rawFaults(inner, path, depth + 1);
  });
}

function refusal(fields: readonly FieldFault[]): Fault {
  return new Fault(
    'invalid',
    'request.invalid',
    {
      vi: `Yêu cầu có ${fields.length} chỗ sai, xem "errors".`,
      en: `The request has ${fields.length} fault(s), see "errors".`,
    },
    { field: fields[0]?.field, fields: fields.slice(0, MOST_NAMED) },
  );
}

/** Looks at what came before class-transformer has touched it. */
class RequestPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type !== 'custom') {
      const faults = rawFaults(value, metadata.data ?? '');
      if (faults.length > 0) throw refusal(faults);
    }
    return super.transform(value, metadata);
  }
}

/** 422 with every faulty field named; unknown fields are refused rather than dropped. */
export function createValidationPipe(): ValidationPipe {
  return new RequestPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    validationError: { target: false },
    exceptionFactory: (errors) => refusal(fieldFaults(errors)),
  });
}
