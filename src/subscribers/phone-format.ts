/** A Vietnamese mobile number as stored: E.164. */
const VIETNAMESE_MOBILE = /^\+84(\d{2})(\d{3})(\d{4})$/;

/**
 * A number as logs, errors and auditors may show it: the operator's prefix and the last three digits.
 *
 * @example maskPhone('+84912345678') === '091***678'
 */
export function maskPhone(phone: string): string {
  if (!VIETNAMESE_MOBILE.test(phone)) return '***';
  return `0${phone.slice(3, 5)}***${phone.slice(-3)}`;
}

/** @example displayPhone('+84912345678') === '0912 345 678'; anything else comes back as it is */
export function displayPhone(phone: string): string {
  if (!VIETNAMESE_MOBILE.test(phone)) return phone;
  return `0${phone.slice(3, 6)} ${phone.slice(6, 9)} ${phone.slice(9)}`;
}
