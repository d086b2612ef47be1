import { ValidationError, ValidationPipe } from '@nestjs/common';
import { Fault, FieldFault, fillIn, Localised } from '../errors';

const UNKNOWN_RULE: Localised = { vi: 'Giá trị không hợp lệ.', en: 'The value is not valid.' };

/** The sentence for each class-validator rule in use; `{rule}` is the rule's own English text. */
const SENTENCES: Readonly<Record<string, { code: string; text: Localised }>> = {
  whitelistValidation: {
    code: 'field.unknown',
    text: {
      vi: 'Trường này không có trong yêu cầu. Hãy bỏ đi hoặc sửa tên.',
      en: 'There is no such field here. Remove it or correct its name.',
    },
  },
  isString: { code: 'field.not-text', text: { vi: 'Phải là chữ.', en: 'Must be text.' } },
  isNotEmpty: { code: 'field.empty', text: { vi: 'Không được để trống.', en: 'Must not be empty.' } },
  isDefined: { code: 'field.missing', text: { vi: 'Thiếu trường này.', en: 'This field is missing.' } },
  minLength: { code: 'field.too-short', text: { vi: 'Quá ngắn ({rule}).', en: 'Too short ({rule}).' } },
  maxLength: { code: 'field.too-long', text: { vi: 'Quá dài ({rule}).', en: 'Too long ({rule}).' } },
  isInt: { code: 'field.not-whole-number', text: { vi: 'Phải là số nguyên.', en: 'Must be a whole number.' } },
  min: { code: 'field.too-small', text: { vi: 'Quá nhỏ ({rule}).', en: 'Too small ({rule}).' } },
  max: { code: 'field.too-large', text: { vi: 'Quá lớn ({rule}).', en: 'Too large ({rule}).' } },
  isBoolean: { code: 'field.not-yes-or-no', text: { vi: 'Phải là true hoặc false.', en: 'Must be true or false.' } },
  isIn: {
    code: 'field.not-allowed',
    text: { vi: 'Giá trị không được chấp nhận ({rule}).', en: 'Not one of the values allowed ({rule}).' },
  },
  isArray: { code: 'field.not-a-list', text: { vi: 'Phải là danh sách [...].', en: 'Must be a list [...].' } },
  arrayMinSize: { code: 'field.too-few', text: { vi: 'Quá ít phần tử ({rule}).', en: 'Too few entries ({rule}).' } },
  arrayMaxSize: {
    code: 'field.too-many',
    text: { vi: 'Quá nhiều phần tử ({rule}).', en: 'Too many entries ({rule}).' },
  },
  arrayUnique: { code: 'field.repeated', text: { vi: 'Có phần tử lặp lại.', en: 'An entry is repeated.' } },
  isObject: { code: 'field.not-an-object', text: { vi: 'Phải là đối tượng {...}.', en: 'Must be an object {...}.' } },
  isDateString: {
    code: 'field.not-a-day',
    text: { vi: 'Phải là ngày có thật, dạng 2021-05-23.', en: 'Must be a day that exists, as 2021-05-23.' },
  },
  matches: { code: 'field.wrong-form', text: { vi: 'Sai dạng ({rule}).', en: 'Wrong form ({rule}).' } },
};

/** Rules about the kind of a value: while one of them is broken, the others say nothing useful. */
const KIND_RULES = new Set(['isString', 'isInt', 'isBoolean', 'isArray', 'isObject', 'isIn', 'whitelistValidation']);

function rulesToName({ constraints = {}, value }: ValidationError): [string, string][] {
  const rules = Object.entries(constraints);
  if (rules.length > 0 && value === undefined && !('whitelistValidation' in constraints)) return [['isDefined', '']];
  const kinds = rules.filter(([rule]) => KIND_RULES.has(rule));
  return kinds.length > 0 ? kinds : rules;
}

/** Turns class-validator's tree into flat faults with paths such as `listIds[0]`. */
export function fieldFaults(errors: readonly ValidationError[], parent = ''): FieldFault[] {
  return errors.flatMap((error) => {
    const field = /^\d+$/.test(error.property)
      ? `${parent}[${error.property}]`
      : [parent, error.property].filter(Boolean).join('.');
    const own = rulesToName(error).map(([rule, sentence]) => {
      const { code, text } = SENTENCES[rule] ?? { code: 'field.invalid', text: UNKNOWN_RULE };
      return { field, code, message: fillIn(text, { rule: sentence.replace(`${error.property} `, '') }) };
    });
    return [...own, ...fieldFaults(error.children ?? [], field)];
  });
}

/** 422 with every faulty field named; unknown fields are refused rather than dropped. */
export function createValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    validationError: { target: false },
    exceptionFactory: (errors) => {
      const fields = fieldFaults(errors);
      return new Fault(
        'invalid',
        'request.invalid',
        {
          vi: `Yêu cầu có ${fields.length} chỗ sai, xem "errors".`,
          en: `The request has ${fields.length} fault(s), see "errors".`,
        },
        { field: fields[0]?.field, fields },
      );
    },
  });
}
