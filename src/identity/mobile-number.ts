import { fault } from '../platform/errors';

export const mobileNumberForm = fault(
  'invalid',
  'user.phone-form',
  {
    vi: 'Số điện thoại phải là một số di động Việt Nam, ví dụ 0912345678, +84912345678 hoặc 84912345678.',
    en: 'The phone number must be one Vietnamese mobile number, such as 0912345678, +84912345678 or 84912345678.',
  },
  'phone',
);

/** Mobile numbers begin with 3, 5, 7, 8 or 9 and have nine digits after the country code (numbering plan of 2018). */
const MOBILE = /^(?:0|\+?84)([35789]\d{8})$/;

/**
 * The E.164 form of a colleague's number. Stricter than the register's reading of strangers' lists: here an administrator types
 * one number he can ask for, so anything doubtful is asked again.
 *
 * @throws mobileNumberForm
 */
export function readMobileNumber(typed: string): string {
  const found = MOBILE.exec(typed.trim().replace(/(?<=\d)[ .-](?=\d)/g, ''));
  if (!found) throw mobileNumberForm();
  return `+84${found[1]}`;
}
