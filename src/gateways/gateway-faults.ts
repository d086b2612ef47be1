import { fault } from '../platform/errors';

/** Somebody else than the gateway may have sent it, or the two sides are configured differently. */
export const forgedReceipt = fault('forbidden', 'gateway.forged-receipt', {
  vi: 'Chữ ký của báo cáo trạng thái không đúng. Hãy kiểm tra khóa bí mật và địa chỉ công khai khai báo ở cả hai bên.',
  en: 'The signature of the delivery receipt is wrong. Check the secret and the public address configured on both sides.',
});

export const unreadableReceipt = fault('unreadable', 'gateway.unreadable-receipt', {
  vi: 'Không đọc được báo cáo trạng thái: {field} bị thiếu hoặc sai định dạng. Hãy gửi theo định dạng của cổng nhắn tin này.',
  en: 'The delivery receipt cannot be read: {field} is missing or malformed. Send it in the format of this gateway.',
});

export const unknownGateway = fault('invalid', 'gateway.unknown', {
  vi: 'Không có cổng nhắn tin {names}. Các cổng đã khai báo: {known}.',
  en: 'There is no gateway {names}. The configured ones are: {known}.',
});
