import type { FieldFault } from '../../platform/errors';
import { addressFaults, clearTextFaults, limitFaults, optionFault } from '../option-faults';

export interface TwilioOptions {
  /** `AC` and 32 hexadecimal digits. */
  readonly accountSid: string;
  /** Signs requests to Twilio, and Twilio's callbacks to us. */
  readonly authToken: string;
  /** @default https://api.twilio.com */
  readonly baseUrl?: string;
  /** Under which Twilio reaches this service, e.g. `https://sms.example.gov.vn`. */
  readonly publicUrl: string;
  /** Below `publicUrl`, where Twilio reports what became of a text, e.g. `/api/v1/receipts/twilio`. */
  readonly receiptsPath: string;
  /** @default 50 */
  readonly sockets?: number;
  /** @default 15 000 */
  readonly timeoutMs?: number;
}

export const TWILIO_URL = 'https://api.twilio.com';

export function twilioOptionFaults(options: TwilioOptions): FieldFault[] {
  const faults = [
    ...addressFaults('twilio.publicUrl', options.publicUrl),
    ...addressFaults('twilio.baseUrl', options.baseUrl ?? TWILIO_URL),
    ...clearTextFaults('twilio.baseUrl', options.baseUrl ?? TWILIO_URL),
    ...limitFaults('twilio', options),
  ];
  if (!/^AC[0-9a-f]{32}$/i.test(options.accountSid)) {
    const en = 'must be AC and 32 hexadecimal digits.';
    faults.push(optionFault('twilio.accountSid', 'phải gồm AC và 32 chữ số thập lục phân.', en));
  }
  if (!options.authToken) faults.push(optionFault('twilio.authToken', 'không được để trống.', 'must not be empty.'));
  if (!/^\/[^?#\s]*$/.test(options.receiptsPath)) {
    const vi = 'phải là đường dẫn bắt đầu bằng / và không có tham số truy vấn.';
    faults.push(optionFault('twilio.receiptsPath', vi, 'must be a path that begins with / and has no query.'));
  }
  return faults;
}
