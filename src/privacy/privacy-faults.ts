import { fault } from '../platform/errors';

export const whichPerson = fault(
  'invalid',
  'person.phone-or-id',
  {
    vi: 'Hãy cho biết một trong hai: số điện thoại ("phone") hoặc mã thuê bao ("subscriberId").',
    en: 'Say either the number ("phone") or the subscriber\'s id ("subscriberId"), one of them.',
  },
  'phone',
);

export const subscriberNotFound = fault('notFound', 'person.subscriber-not-found', {
  vi: 'Không có thuê bao {id}. Nếu người này đã ra khỏi sổ, hãy dùng số điện thoại.',
  en: 'There is no subscriber {id}. If the person left the register, use the phone number.',
});

export const basisNamesPerson = fault(
  'invalid',
  'erasure.basis-names-person',
  {
    vi: 'Căn cứ được lưu lại sau khi xóa nên không được chứa họ tên hay số điện thoại của người này. Chỉ ghi văn bản pháp luật hoặc số hồ sơ.',
    en: 'The basis stays on record after the erasure, so it must not hold the name or number of the person. Give the law or a file number only.',
  },
  'legalBasis',
);

export const requestNotFound = fault('notFound', 'request.not-found', {
  vi: 'Không có yêu cầu {id}.',
  en: 'There is no request {id}.',
});

export const requestAnswered = fault('conflict', 'request.answered-already', {
  vi: 'Yêu cầu {id} đã được trả lời. Nếu người dân hỏi thêm, hãy ghi một yêu cầu mới.',
  en: 'Request {id} has been answered. If the citizen asks again, record a new request.',
});

export const receivedUnreadable = fault(
  'invalid',
  'request.received-unreadable',
  {
    vi: 'Không hiểu thời điểm nhận. Hãy viết giờ Việt Nam như 2026-11-23T08:00.',
    en: 'The time of receipt cannot be read. Write Vietnam time as 2026-11-23T08:00.',
  },
  'receivedAt',
);

export const receivedInFuture = fault(
  'invalid',
  'request.received-in-future',
  {
    vi: 'Thời điểm nhận ở tương lai. Hãy kiểm tra lại ngày giờ.',
    en: 'The time of receipt is in the future. Check day and time.',
  },
  'receivedAt',
);
