import { fillIn, type Localised } from '../platform/errors';
import { SIMULATOR_REASONS } from './simulator/simulator-reasons';
import { TWILIO_REASONS } from './twilio/twilio-reasons';

/** By the gateway's name, whether this installation still uses it or not: old texts must stay explained. */
const REASONS: Readonly<Record<string, Readonly<Record<string, Localised>>>> = {
  simulator: SIMULATOR_REASONS,
  twilio: TWILIO_REASONS,
};

const UNREACHABLE: Localised = {
  vi: 'Không kết nối được với cổng nhắn tin, đã thử lại nhiều lần.',
  en: 'The gateway could not be reached; it was tried again many times.',
};
const CUT_OFF: Localised = {
  vi: 'Mất kết nối với cổng nhắn tin khi đang gửi: không rõ tin đã được nhận hay chưa.',
  en: 'The connection to the gateway broke while sending: it may or may not have taken the text.',
};
const UNREADABLE: Localised = {
  vi: 'Cổng nhắn tin trả lời không đọc được: không rõ tin đã được nhận hay chưa.',
  en: 'The answer of the gateway could not be read: it may or may not have taken the text.',
};

/** Codes of the way to any gateway: Node's own, undici's (https://undici.nodejs.org, Errors) and of HttpExchange. */
const ON_THE_WAY: Readonly<Record<string, Localised>> = {
  ECONNREFUSED: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  UND_ERR_CONNECT_TIMEOUT: UNREACHABLE,
  ECONNRESET: CUT_OFF,
  EPIPE: CUT_OFF,
  UND_ERR_SOCKET: CUT_OFF,
  'connection-lost': CUT_OFF,
  closed: CUT_OFF,
  timeout: {
    vi: 'Cổng nhắn tin không trả lời kịp: không rõ tin đã được nhận hay chưa.',
    en: 'The gateway did not answer in time: it may or may not have taken the text.',
  },
  'unreadable-answer': UNREADABLE,
  'answer-too-large': UNREADABLE,
};

const BY_STATUS = {
  vi: 'Cổng nhắn tin trả lời HTTP {status}, không nêu lý do. Quản trị viên hãy xem tài liệu của nhà cung cấp.',
  en: 'The gateway answered HTTP {status} and gave no reason. An administrator should see the provider’s documentation.',
};
const BY_CODE = {
  vi: 'Cổng nhắn tin báo mã {code}. Hãy tra mã này trong tài liệu của nhà cung cấp.',
  en: 'The gateway reports code {code}. Look it up in the provider’s documentation.',
};
const NO_CODE = { vi: 'Không nêu lý do.', en: 'No reason was given.' };

/**
 * What a gateway's code means, in words for staff. A code that nobody here has explained is named, not guessed at.
 *
 * @param gateway name, e.g. `twilio` @param code as recorded with the outcome, e.g. `30003`
 */
export function plainReason(gateway: string, code: string): Localised {
  const known = ofGateway(gateway, code) ?? (Object.hasOwn(ON_THE_WAY, code) ? ON_THE_WAY[code] : undefined);
  if (known) return known;
  if (code === '') return NO_CODE;
  const status = /^http-(\d{3})$/.exec(code)?.[1];
  return status ? fillIn(BY_STATUS, { status }) : fillIn(BY_CODE, { code });
}

function ofGateway(gateway: string, code: string): Localised | undefined {
  const reasons = Object.hasOwn(REASONS, gateway) ? REASONS[gateway] : undefined;
  return reasons && Object.hasOwn(reasons, code) ? reasons[code] : undefined;
}
