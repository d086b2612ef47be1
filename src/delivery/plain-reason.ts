import { plainReason as gatewayReason } from '../gateways';
import { fillIn, type Localised } from '../platform/errors';

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
const BY_PERSON: Localised = {
  vi: 'Không rõ tin đã đến hay chưa; người có thẩm quyền đã xác nhận là tin không đến.',
  en: 'Nobody knew whether the text arrived; somebody in charge has found out that it did not.',
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
  if (code === 'by-person') return BY_PERSON;
  const cause = code.startsWith(EXHAUSTED) ? code.slice(EXHAUSTED.length) : code;
  return cause === 'waited-too-long' ? WAITED : gatewayReason(gateway, cause);
}

const HEALTH: Readonly<Record<string, Localised>> = {
  account: {
    vi: 'Cổng nhắn tin không nhận tin nào của tài khoản cho đến khi có người xử lý. {detail}',
    en: 'The gateway takes nothing of this account until somebody acts. {detail}',
  },
  unreachable: {
    vi: 'Không kết nối được với cổng nhắn tin ({code}). Quản trị viên hãy kiểm tra đường truyền và địa chỉ của cổng.',
    en: 'The gateway cannot be reached ({code}). An administrator should check the line and the address.',
  },
  temporary: {
    vi: 'Cổng nhắn tin đang gặp sự cố và yêu cầu gửi lại sau ({code}).',
    en: 'The gateway is out of order and asks to be tried later ({code}).',
  },
  'in-doubt': {
    vi: 'Cổng nhắn tin nhận yêu cầu nhưng không trả lời được ({code}), nên không rõ tin đã được nhận hay chưa.',
    en: 'The gateway takes requests but gives no proper answer ({code}), so texts may or may not have been taken.',
  },
  recovered: {
    vi: 'Cổng nhắn tin đã hoạt động lại ổn định.',
    en: 'The gateway has been working again for a while.',
  },
};

/**
 * Why nothing is sent through a gateway, or why its share was moved, in words for staff.
 *
 * @param code cause and the gateway's own code, `account:20003`; or `recovered`
 */
export function healthReason(gateway: string, code: string): Localised {
  const [cause, ...rest] = code.split(':');
  const own = rest.join(':');
  const text = Object.hasOwn(HEALTH, cause!) ? HEALTH[cause!] : undefined;
  if (!text) return gatewayReason(gateway, code);
  const detail = gatewayReason(gateway, own);
  const fill = (language: 'vi' | 'en'): string => fillIn(text, { code: own, detail: detail[language] })[language];
  return { vi: fill('vi'), en: fill('en') };
}
