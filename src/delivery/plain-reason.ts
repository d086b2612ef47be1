import { plainReason as gatewayReason } from '../gateways';
import type { Localised } from '../platform/errors';

/** Of what is suppressed. Here a person opted out with the office, not with a carrier. */
const SUPPRESSED: Readonly<Record<string, Localised>> = {
  'opted-out': { vi: 'Người nhận đã từ chối nhận tin.', en: 'The person has opted out.' },
  erased: {
    vi: 'Dữ liệu cá nhân của người nhận đã được xóa theo yêu cầu.',
    en: 'The personal data of the person were erased on request.',
  },
  'import-undone': {
    vi: 'Người nhận không còn trong danh sách: lần nhập danh sách đã được hoàn tác.',
    en: 'The person is no longer on the list: the import was undone.',
  },
};

const LEASE_EXPIRED: Localised = {
  vi: 'Dịch vụ dừng đột ngột khi đang gửi: không rõ tin đã được nhận hay chưa.',
  en: 'The service stopped abruptly while sending: the gateway may or may not have taken the text.',
};
const WAITED: Localised = {
  vi: 'Cổng nhắn tin quá chậm nên tin chưa được gửi đi, đã thử lại nhiều lần.',
  en: 'The gateway was too slow and the text was not sent; it was tried again many times.',
};
const EXHAUSTED = 'retries-exhausted:';

/**
 * Why a text failed, is unknown or was suppressed, in words for staff: our own codes first, then the gateway's.
 *
 * @param kind of the outcome: the same code may mean one thing with us and another with a gateway
 */
export function plainReason(gateway: string, kind: string, code: string): Localised {
  if (kind === 'suppressed' && Object.hasOwn(SUPPRESSED, code)) return SUPPRESSED[code]!;
  if (code === 'lease-expired') return LEASE_EXPIRED;
  const cause = code.startsWith(EXHAUSTED) ? code.slice(EXHAUSTED.length) : code;
  return cause === 'waited-too-long' ? WAITED : gatewayReason(gateway, cause);
}
