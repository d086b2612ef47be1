import { buildMessage, ValidateBy } from 'class-validator';

/**
 * What no text of ours holds: control characters but tab and line ends (PostgreSQL refuses NUL), halves of a character
 * (lone surrogates), and the marks that make a reader see letters in another order than they are sent in
 * (Unicode TR36, bidirectional text spoofing): an approver must see what citizens get.
 */
const UNFIT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\p{Surrogate}]/u;

/** Whether a text may be kept and shown. */
export function isFitText(text: string): boolean {
  return !UNFIT.test(text);
}

/** The form of codes of templates and topics. */
export const CODE_FORM = {
  context: {
    vi: 'chữ thường không dấu và chữ số, các từ nối bằng dấu gạch ngang, như election-day-2026.',
    en: 'lower-case ASCII letters and digits, words joined by hyphens, as election-day-2026.',
  },
};
export const DAY_FORM = { context: { vi: 'năm-tháng-ngày, như 2021-05-23.', en: 'year-month-day, as 2021-05-23.' } };

/** Something to read: not only spaces and invisible characters. */
export const IsNotBlank = (): PropertyDecorator =>
  ValidateBy({
    name: 'isNotBlank',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && /[^\p{C}\p{Z}\s]/u.test(value),
      defaultMessage: buildMessage(() => 'must not be blank'),
    },
  });

/** A name stands in one line of a list, a log or a file. */
export const IsOneLine = (): PropertyDecorator =>
  ValidateBy({
    name: 'isOneLine',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && !/[\t\n\r\u2028\u2029]/.test(value),
      defaultMessage: buildMessage(() => 'must be one line'),
    },
  });
