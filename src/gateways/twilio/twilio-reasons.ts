import type { Localised } from '../../platform/errors';
import type { TwilioCode } from './twilio-errors';
import type { LookUpCode } from './twilio-look-up';

const NOT_IN_SERVICE: Localised = {
  vi: 'Số không tồn tại hoặc không còn hoạt động. Hãy kiểm tra lại số trong danh bạ.',
  en: 'The number does not exist or is out of service. Check it in the register.',
};
const NO_MOBILE: Localised = {
  vi: 'Số không phải di động nên không nhận được tin nhắn.',
  en: 'Not a mobile number, so it cannot take texts.',
};
const ACCOUNT: Localised = {
  vi: 'Tài khoản Twilio bị khóa hoặc thông tin đăng nhập sai. Quản trị viên hãy kiểm tra tài khoản.',
  en: 'The Twilio account is suspended or its credentials are wrong. An administrator must check the account.',
};
const TOO_FAST: Localised = {
  vi: 'Gửi nhanh hơn mức Twilio cho phép, đã thử lại nhiều lần.',
  en: 'Sent faster than Twilio permits; it was tried again many times.',
};
const SENDER: Localised = {
  vi: 'Tên định danh chưa được đăng ký hoặc không dùng được cho số này. Hãy kiểm tra việc đăng ký với Twilio.',
  en: 'The sender ID is not registered or cannot be used for this number. Check its registration with Twilio.',
};
const BLOCKED: Localised = {
  vi: 'Nhà mạng hoặc Twilio chặn tin, thường do nội dung hoặc tên định danh chưa đăng ký.',
  en: 'Blocked by the carrier or by Twilio, usually because text or sender ID is not registered.',
};

/** Codes of refusals and of receipts in plain words, after https://www.twilio.com/docs/api/errors/<code>. */
export const TWILIO_REASONS = {
  10001: ACCOUNT,
  20003: ACCOUNT,
  20404: ACCOUNT,
  20429: TOO_FAST,
  21211: NOT_IN_SERVICE,
  21408: {
    vi: 'Tài khoản Twilio chưa được phép gửi tới Việt Nam. Quản trị viên hãy bật quyền gửi cho khu vực này.',
    en: 'The Twilio account may not send to Viet Nam. An administrator must permit this region.',
  },
  21606: SENDER,
  21610: {
    vi: 'Người nhận đã từ chối nhận tin với Twilio.',
    en: 'The person has opted out at Twilio.',
  },
  21611: TOO_FAST,
  21612: SENDER,
  21614: NO_MOBILE,
  21617: { vi: 'Tin dài hơn 1.600 ký tự.', en: 'The text is longer than 1,600 characters.' },
  21635: NO_MOBILE,
  21730: {
    vi: 'Twilio đang bảo trì, đã thử lại nhiều lần.',
    en: 'Twilio was under maintenance; it was tried again many times.',
  },
  30001: TOO_FAST,
  30002: ACCOUNT,
  30003: {
    vi: 'Không liên lạc được với máy: tắt máy, ngoài vùng phủ sóng hoặc không nhận được tin.',
    en: 'The handset could not be reached: switched off, out of coverage or unable to take texts.',
  },
  30004: BLOCKED,
  30005: NOT_IN_SERVICE,
  30006: NO_MOBILE,
  30007: BLOCKED,
  30008: {
    vi: 'Nhà mạng báo không gửi được, không nói lý do.',
    en: 'The carrier reports a failure without a reason.',
  },
  30019: { vi: 'Tin dài hơn mức nhà mạng nhận.', en: 'The text is longer than the carrier takes.' },
  30454: TOO_FAST,
  60728: TOO_FAST,
  63038: TOO_FAST,
  'several-match': {
    vi: 'Twilio có nhiều tin giống hệt tới số này nên không xác định được tin nào là tin đã gửi.',
    en: 'Twilio has several equal texts to this number, so it cannot be told which one this is.',
  },
  'list-incomplete': {
    vi: 'Twilio có quá nhiều tin tới số này nên không tra hết được.',
    en: 'Twilio has too many texts to this number to look through them all.',
  },
} satisfies Record<TwilioCode | LookUpCode, Localised> & Record<string, Localised>;
