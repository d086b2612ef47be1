import { fault } from '../platform/errors';

export const optOutNotFound = fault(
  'notFound',
  'opt-out.not-found',
  {
    vi: 'Số này không có trong danh sách từ chối nhận tin. Hãy kiểm tra lại số.',
    en: 'This number has not opted out. Check the number.',
  },
  'phone',
);

export const consentInFuture = fault(
  'invalid',
  'consent.in-future',
  {
    vi: 'Ngày đồng ý {givenOn} ở tương lai (hôm nay là {today}). Hãy nhập ngày ghi trên văn bản.',
    en: 'The consent is dated {givenOn}, which is in the future (today is {today}). Enter the day on the document.',
  },
  'consent.givenOn',
);

export const consentBeforeOptOut = fault(
  'invalid',
  'consent.before-opt-out',
  {
    vi:
      'Ngày đồng ý {givenOn} trước ngày người dân từ chối nhận tin ({optedOutOn}), nên không còn giá trị. ' +
      'Cần sự đồng ý mới của người đó.',
    en:
      'The consent is dated {givenOn}, before the person opted out ({optedOutOn}), and no longer counts. ' +
      'A new consent of that person is needed.',
  },
  'consent.givenOn',
);
