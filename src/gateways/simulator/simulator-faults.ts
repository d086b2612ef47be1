import { fault } from '../../platform/errors';

export const badReceiptsAddress = fault(
  'invalid',
  'simulator.bad-receipts-address',
  {
    vi: 'Địa chỉ nhận báo cáo trạng thái phải là địa chỉ http hoặc https đầy đủ, ví dụ {"url": "http://127.0.0.1:3000/receipts"}.',
    en: 'The address for delivery receipts must be a whole http or https address, e.g. {"url": "http://127.0.0.1:3000/receipts"}.',
  },
  'url',
);

export const badReceiptsToPost = fault('invalid', 'simulator.bad-receipts', {
  vi: 'Báo cáo cần gửi phải có dạng {"receipts": [{"id", "reference", "status", "code"}], "forged": true hoặc false}.',
  en: 'The receipts to post must look like {"receipts": [{"id", "reference", "status", "code"}], "forged": true or false}.',
});

export const simulatorRefusesToken = fault('unavailable', 'simulator.refuses-token', {
  vi: 'Cổng mô phỏng của thư mục dữ liệu này chạy với khóa bí mật khác. Hãy dừng nó (pid {pid}) hoặc dùng đúng SECRET.',
  en: 'The simulator of this data folder runs with another secret. Stop it (pid {pid}) or use the right SECRET.',
});

export const simulatorDoesNotStart = fault('unavailable', 'simulator.does-not-start', {
  vi: 'Không khởi động được cổng mô phỏng: {reason}. Xem chi tiết trong {log}.',
  en: 'The simulator does not start: {reason}. See {log}.',
});
