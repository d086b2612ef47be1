import { Fault } from '../platform/errors';
import { judgePhoneNumber } from './phone-number';
import { PHONE_REFUSALS } from './phone-verdicts';

/**
 * The E.164 form of a number somebody typed.
 *
 * @throws Fault 422 on the field, saying what is wrong with the number, by the rules of the import
 */
export function readPhone(typed: string, field = 'phone'): string {
  const verdict = judgePhoneNumber(typed);
  if (verdict.kind === 'refused') {
    throw new Fault('invalid', `phone.${verdict.code}`, PHONE_REFUSALS[verdict.code], { field });
  }
  return verdict.phone;
}
