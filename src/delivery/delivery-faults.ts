import { fault } from '../platform/errors';

export const batchChanged = fault('conflict', 'delivery.batch-changed', {
  vi: 'Đợt gửi vừa đổi trạng thái nên không làm được việc này. Hãy tải lại rồi thử lại.',
  en: 'The batch has just changed its state, so this cannot be done. Reload and try again.',
});

export const batchNotIntact = fault('conflict', 'delivery.batch-not-intact', {
  vi: 'Nội dung hoặc người nhận khác với lúc trình duyệt. Không gửi; hãy trả về bản nháp và trình lại.',
  en: 'Texts or recipients differ from what was submitted. Nothing is sent; return it to draft and submit again.',
});

export const noSuchGateway = fault('notFound', 'delivery.no-such-gateway', {
  vi: 'Hệ thống không dùng cổng nhắn tin này. Xem các cổng đang dùng tại /api/v1/gateways.',
  en: 'This installation does not use such a gateway. Those in use are listed at /api/v1/gateways.',
});

export const senderNotTaken = fault(
  'invalid',
  'delivery.sender-not-taken',
  {
    vi: 'Cổng nhắn tin này chỉ nhận tên định danh từ 1 đến {maxLength} ký tự gồm chữ không dấu, chữ số và "{specialCharacters}", có ít nhất một chữ cái. Hãy ghi đúng tên đã đăng ký.',
    en: 'This gateway takes sender IDs of 1 to {maxLength} ASCII letters, digits and "{specialCharacters}", with at least one letter. Write it as it is registered.',
  },
  'sender',
);

export const noSuchSenderLimits = fault('notFound', 'delivery.no-such-sender-limits', {
  vi: 'Tên định danh này không có mức giới hạn riêng tại cổng nhắn tin này. Xem các mức đang có tại /api/v1/gateways.',
  en: 'This sender ID has no limits of its own at this gateway. Those that have are listed at /api/v1/gateways.',
});

export const receiptsNotKept = fault('unavailable', 'delivery.receipts-not-kept', {
  vi: 'Báo cáo trạng thái chưa được lưu vì cơ sở dữ liệu chưa trả lời hoặc đang quá tải. Hãy gửi lại sau ít giây.',
  en: 'The delivery receipts were not kept: the database does not answer, or too many wait. Send them again in a few seconds.',
});

export const receiptUnfit = fault('unreadable', 'delivery.receipt-unfit', {
  vi: 'Báo cáo trạng thái có mã quá dài hoặc có ký tự không lưu được. Hãy gửi theo định dạng của cổng nhắn tin này.',
  en: 'The delivery receipt has a code that is too long or cannot be stored. Send it in the format of this gateway.',
});
