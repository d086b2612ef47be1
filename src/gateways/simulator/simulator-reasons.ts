import type { Localised } from '../../platform/errors';

const MISCONFIGURED: Localised = {
  vi: 'Địa chỉ hoặc khóa bí mật dùng với cổng mô phỏng không đúng. Quản trị viên hãy kiểm tra SIMULATOR_URL và SECRET.',
  en: 'The address of the simulator or the secret used with it is wrong. An administrator must check SIMULATOR_URL and SECRET.',
};

/** Codes of the simulator's refusals and receipts in plain words. */
export const SIMULATOR_REASONS: Readonly<Record<string, Localised>> = {
  'number-refused': {
    vi: 'Số không tồn tại hoặc không còn hoạt động. Hãy kiểm tra lại số trong danh bạ.',
    en: 'The number does not exist or is out of service. Check it in the register.',
  },
  'opted-out': {
    vi: 'Người nhận đã từ chối nhận tin với nhà mạng.',
    en: 'The person has opted out at the carrier.',
  },
  'handset-unreachable': {
    vi: 'Không liên lạc được với máy: tắt máy hoặc ngoài vùng phủ sóng.',
    en: 'The handset could not be reached: switched off or out of coverage.',
  },
  throttled: {
    vi: 'Gửi nhanh hơn mức cổng nhắn tin cho phép, đã thử lại nhiều lần.',
    en: 'Sent faster than the gateway permits; it was tried again many times.',
  },
  'too-many-in-flight': {
    vi: 'Có nhiều tin đang chờ cổng nhắn tin trả lời hơn mức cho phép, đã thử lại nhiều lần.',
    en: 'More texts waited for the gateway’s answer than it permits; it was tried again many times.',
  },
  'reference-closed': {
    vi: 'Cổng nhắn tin đã xác nhận chưa nhận lần gửi này, nên không nhận nó nữa. Tin được gửi lại bằng một lần gửi mới.',
    en: 'The gateway had confirmed that this attempt never arrived, so it no longer takes it. The text is sent by a new attempt.',
  },
  unauthorised: MISCONFIGURED,
  'not-found': MISCONFIGURED,
  failing: {
    vi: 'Cổng nhắn tin gặp sự cố, đã thử lại nhiều lần.',
    en: 'The gateway was out of order; it was tried again many times.',
  },
  stopping: {
    vi: 'Cổng nhắn tin đang dừng, đã thử lại nhiều lần.',
    en: 'The gateway was being stopped; it was tried again many times.',
  },
  'ledger-unwritable': {
    vi: 'Cổng mô phỏng không ghi được sổ của mình, thường do hết chỗ trên đĩa.',
    en: 'The simulator could not write its ledger, usually because the disk is full.',
  },
  'invalid-request': {
    vi: 'Cổng nhắn tin không nhận tin này: quá dài, hoặc số hay tên định danh sai dạng.',
    en: 'The gateway does not take this text: too long, or number or sender ID malformed.',
  },
};
