import { isValidPhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { readPhoneDigits } from './phone-digits';
import { FAMILIAR_MOBILE, MAYBE_OLD_LANDLINE, MOBILE_SHAPE, PREFIX_AFTER_2018 } from './phone-prefixes';
import type { PhoneRefusal, PhoneWarning } from './phone-verdicts';
export { displayPhone, maskPhone } from './phone-format';

export type PhoneVerdict =
  | { kind: 'accepted'; phone: string /* E.164: +84 and nine digits */; warnings: PhoneWarning[] }
  | { kind: 'refused'; code: PhoneRefusal };

/** A number as nine of ten lists have it: ten digits, or nine where Excel took the leading zero. */
const PLAIN = /^0?([35789]\d{8})$/;
const COUNTRY_CODE = '84';
/** Country code and the shortest mobile number: a shorter 84… is a number of 084 whose zero Excel took. */
const SHORTEST_WITH_COUNTRY_CODE = 11;

/**
 * Decides whether a cell holds one Vietnamese mobile number, whatever its spelling, and which. Never throws; judging its
 * own output again gives the same number. A cell with two numbers is refused, never cut down to the first.
 *
 * The own table of prefixes decides (0.3 µs a number); libphonenumber (10 µs) is asked only whether what is left over is
 * a foreign number.
 */
export function judgePhoneNumber(raw: string): PhoneVerdict {
  const plain = PLAIN.exec(raw);
  if (plain) return judgeNational(plain[1]!, []);
  const reading = readPhoneDigits(raw);
  if (reading.kind === 'refused') return reading;
  const warnings: PhoneWarning[] = reading.letterO ? ['letter-o-for-zero'] : [];
  return judgeDigits(reading.digits, reading.plus, warnings);
}

function judgeDigits(digits: string, plus: boolean, warnings: PhoneWarning[]): PhoneVerdict {
  const trimmed = withoutZeros(digits);
  if (trimmed === '') return refused('phone-missing');
  if (plus && !digits.startsWith('0')) {
    if (!digits.startsWith(COUNTRY_CODE)) return refused('foreign-number');
    return judgeNational(withoutZeros(digits.slice(COUNTRY_CODE.length)), warnings);
  }
  if (trimmed.startsWith(COUNTRY_CODE) && trimmed.length >= SHORTEST_WITH_COUNTRY_CODE) {
    return judgeNational(withoutZeros(trimmed.slice(COUNTRY_CODE.length)), warnings);
  }
  if (digits.startsWith('00') && isForeign(trimmed)) return refused('foreign-number');
  return judgeNational(trimmed, warnings);
}

/** @param national the number without country code and without the trunk 0 */
function judgeNational(national: string, warnings: PhoneWarning[]): PhoneVerdict {
  if (MOBILE_SHAPE.test(national)) {
    if (!FAMILIAR_MOBILE.test(national)) warnings.push('unfamiliar-range');
    if (MAYBE_OLD_LANDLINE.test(national)) warnings.push('maybe-old-landline');
    return { kind: 'accepted', phone: `+${COUNTRY_CODE}${national}`, warnings };
  }
  const converted = national.length === 10 ? PREFIX_AFTER_2018[national.slice(0, 3)] : undefined;
  if (converted) {
    warnings.push('converted-from-11-digits');
    return { kind: 'accepted', phone: `+${COUNTRY_CODE}${converted}${national.slice(3)}`, warnings };
  }
  return refused(whyNotMobile(national));
}

function whyNotMobile(national: string): PhoneRefusal {
  if (/^1[89]00\d{4,6}$/.test(national)) return 'service-number';
  if (national.length < 3) return 'too-short';
  if (national.length <= 6) return 'service-number';
  if (national.length <= 8) return 'too-short';
  // 02xx are the landlines since 2017, 04 and 06x were until then; 0672 is internet telephony and 069 the armed forces.
  if (national.length <= 10 && /^[246]/.test(national)) return 'landline';
  if (national.length === 9) return 'unknown-prefix';
  if (isForeign(national)) return 'foreign-number';
  return national.length === 10 && national.startsWith('1') ? 'unknown-prefix' : 'too-long';
}

/** A number of another country written without its plus, such as 855… from across the Cambodian border. */
function isForeign(digits: string): boolean {
  const international = `+${digits}`;
  return isValidPhoneNumber(international) && parsePhoneNumberFromString(international)?.country !== 'VN';
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+/, '');
}

function refused(code: PhoneRefusal): PhoneVerdict {
  return { kind: 'refused', code };
}
