import { fault } from '../platform/errors';

export const foreignFolder = fault('conflict', 'demo.foreign-folder', {
  vi: 'Thư mục {path} có dữ liệu nhưng không phải thư mục của bản demo nên không bị xóa. Hãy chọn thư mục khác bằng --data-dir.',
  en: 'The folder {path} holds data, but is no folder of the demo, so it is left alone. Name another one with --data-dir.',
});

export const otherScale = fault('conflict', 'demo.other-scale', {
  vi: 'Bản demo trong {path} đã bắt đầu với --scale {kept}. Hãy bỏ --scale khi dùng --resume, hoặc chạy lại từ đầu không có --resume.',
  en: 'The demo in {path} was begun with --scale {kept}. Leave out --scale with --resume, or start anew without --resume.',
});

export const notBuilt = fault('conflict', 'demo.not-built', {
  vi: 'Thiếu {path}. Hãy chạy "npm run build" (hoặc "npm run demo") trước.',
  en: '{path} is missing. Run "npm run build" (or "npm run demo") first.',
});

export const serviceDied = fault('unavailable', 'demo.service-died', {
  vi: 'Dịch vụ đã dừng giữa chừng ({how}). Xem {log}, rồi chạy "{resume}" để làm tiếp: không tin nào bị gửi hai lần.',
  en: 'The service ended in the middle ({how}). See {log}, then run "{resume}" to go on: no text is sent twice.',
});

export const serviceNotReady = fault('unavailable', 'demo.service-not-ready', {
  vi: 'Dịch vụ chưa sẵn sàng sau {seconds} giây. Xem {log}.',
  en: 'The service is not ready after {seconds} seconds. See {log}.',
});

export const accountNotMade = fault('conflict', 'demo.account-not-made', {
  vi: 'Không tạo được tài khoản {username}: {reason} Nếu tệp accounts.json đã mất, hãy chạy lại không có --resume.',
  en: 'The account {username} could not be made: {reason} If accounts.json was lost, start anew without --resume.',
});

export const refused = fault('conflict', 'demo.refused', {
  vi: 'Dịch vụ từ chối {request}: {status} {code} – {detail}',
  en: 'The service refused {request}: {status} {code} – {detail}',
});

export const noAnswer = fault('unavailable', 'demo.no-answer', {
  vi: 'Dịch vụ không trả lời {request} ({reason}). Xem service.log, rồi chạy lại với --resume.',
  en: 'The service did not answer {request} ({reason}). See service.log, then run again with --resume.',
});

export const audienceDiffers = fault('conflict', 'demo.audience-differs', {
  vi: 'Sau khi nhập tệp, {what} có {found} thuê bao thay vì {expected}. Hãy chạy lại không có --resume; nếu vẫn vậy, đây là lỗi cần báo.',
  en: 'After the import {what} has {found} subscribers instead of {expected}. Start anew without --resume; if it stays so, it is a bug to report.',
});

export const missingInService = fault('conflict', 'demo.missing-in-service', {
  vi: 'Dịch vụ không có {what}. Hãy chạy lại không có --resume.',
  en: 'The service has no {what}. Start anew without --resume.',
});

export const campaignStopped = fault('conflict', 'demo.campaign-stopped', {
  vi: 'Chiến dịch "{name}" đang ở trạng thái "{state}" nên không gửi tiếp. Xem service.log.',
  en: 'The campaign "{name}" is in the state "{state}" and does not go on. See service.log.',
});

export const noProgress = fault('unavailable', 'demo.no-progress', {
  vi: 'Đã {seconds} giây không có tin nào được gửi thêm ({done}/{total}). Xem service.log; chạy lại với --resume để làm tiếp.',
  en: 'For {seconds} seconds no further text was sent ({done}/{total}). See service.log; run again with --resume to go on.',
});

export const testSendNotAccepted = fault('unavailable', 'demo.test-send-not-accepted', {
  vi: 'Cổng mô phỏng chưa tiếp nhận tin gửi thử của chiến dịch {id}. Xem service.log; chạy lại với --resume để làm tiếp.',
  en: 'The simulator has not accepted a test send of campaign {id}. See service.log; run again with --resume to go on.',
});
