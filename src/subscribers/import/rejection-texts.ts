import type { Localised } from '../../platform/errors';
import { PHONE_REFUSALS, PHONE_WARNINGS, type PhoneRefusal, type PhoneWarning } from '../phone-verdicts';

/** Why a row was not taken for another reason than its phone number. */
const ROW_REJECTIONS = {
  'text-damaged': {
    vi:
      'Chữ bị mất dấu thành dấu hỏi (như "Nguy?n") khi lưu tệp và không khôi phục được. ' +
      'Hãy mở tệp gốc, lưu thành .xlsx hoặc "CSV UTF-8" rồi gửi lại.',
    en:
      'Letters were lost and became question marks (as "Nguy?n") when the file was saved; they cannot be recovered. ' +
      'Open the original file, save it as .xlsx or "CSV UTF-8" and send it again.',
  },
  'text-legacy-encoding': {
    vi:
      'Chữ viết bằng phông cũ (TCVN3/.VnTime, VNI) hoặc sai bảng mã nên không đọc được. ' +
      'Hãy chuyển sang Unicode (ví dụ bằng UniKey) rồi gửi lại.',
    en:
      'The text is in an old font encoding (TCVN3/.VnTime, VNI) or was decoded wrongly. ' +
      'Convert it to Unicode (with UniKey, for example) and send it again.',
  },
  'text-too-long': {
    vi: 'Nội dung ô quá dài. Hãy kiểm tra xem có phải nhiều ô bị dính vào nhau không, rồi rút gọn.',
    en: 'The text of this cell is too long. Check whether several cells ran together, and shorten it.',
  },
  'formula-without-result': {
    vi: 'Ô là công thức chưa được tính. Hãy mở tệp bằng Excel, chờ tính xong, lưu lại rồi gửi lại.',
    en: 'The cell is a formula without a result. Open the file in Excel, let it calculate, save, and send it again.',
  },
  'repeated-header': {
    vi: 'Dòng này lặp lại tiêu đề của danh sách, không phải thuê bao. Không cần làm gì.',
    en: 'This row repeats the header of the list and is no subscriber. Nothing needs to be done.',
  },
} as const satisfies Record<string, Localised>;

/** What a person should know about a row that was taken nevertheless. */
const ROW_WARNINGS = {
  'name-missing': {
    vi: 'Không có họ tên. Mẫu tin có tên người nhận sẽ không gửi được cho thuê bao này.',
    en: "There is no name. Templates with the recipient's name cannot be sent to this subscriber.",
  },
  'name-has-digits': {
    vi: 'Họ tên có chữ số. Nên kiểm tra xem cột có bị lệch không.',
    en: 'There are digits in the name. Check that the columns have not shifted.',
  },
  'area-missing': {
    vi: 'Không có xã/phường. Thuê bao này không được chọn khi gửi theo địa bàn.',
    en: 'There is no commune or ward. This subscriber is left out when texts are sent by area.',
  },
} as const satisfies Record<string, Localised>;

export type RowRejection = PhoneRefusal | keyof typeof ROW_REJECTIONS;
export type RowWarning = keyof typeof ROW_WARNINGS;

export const REJECTION_TEXTS: Readonly<Record<RowRejection, Localised>> = { ...PHONE_REFUSALS, ...ROW_REJECTIONS };
export const WARNING_TEXTS: Readonly<Record<PhoneWarning | RowWarning, Localised>> = {
  ...PHONE_WARNINGS,
  ...ROW_WARNINGS,
};

/** The sentence for a stored code. A code that a later version no longer knows is shown as it is rather than not at all. */
export function rejectionText(code: string): Localised {
  return Object.hasOwn(REJECTION_TEXTS, code) ? REJECTION_TEXTS[code as RowRejection] : { vi: code, en: code };
}
