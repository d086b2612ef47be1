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
      'Hãy chọn bảng mã khác khi phân tích tệp; nếu chữ vẫn sai, chuyển sang Unicode (ví dụ bằng UniKey) rồi gửi lại.',
    en:
      'The text is in an old font encoding (TCVN3/.VnTime, VNI) or was decoded wrongly. ' +
      'Choose another encoding when the file is analysed; if the text is still wrong, convert it to Unicode ' +
      '(with UniKey, for example) and send it again.',
  },
  'text-too-long': {
    vi: 'Nội dung ô quá dài. Hãy kiểm tra xem có phải nhiều ô bị dính vào nhau không, rồi rút gọn.',
    en: 'The text of this cell is too long. Check whether several cells ran together, and shorten it.',
  },
  'formula-without-result': {
    vi: 'Ô là công thức chưa được tính. Hãy mở tệp bằng Excel, chờ tính xong, lưu lại rồi gửi lại.',
    en: 'The cell is a formula without a result. Open the file in Excel, let it calculate, save, and send it again.',
  },
  'unfamiliar-range': {
    vi:
      'Dải số này chưa có trong danh mục đầu số đang dùng nên chưa được nhận. Hãy kiểm tra lại số; nếu đúng, ' +
      'chọn "nhận cả dải số lạ" rồi phân tích lại.',
    en:
      'This range is not among those known to be in use, so the number is not taken. Check it; if it is right, ' +
      'choose to take unfamiliar ranges and analyse the file again.',
  },
  'erased-on-request': {
    vi:
      'Người dùng số này đã yêu cầu xóa dữ liệu của mình nên không được nhập lại. ' +
      'Hãy ghi nhận văn bản đồng ý của người đó trước, rồi mới nhập lại.',
    en:
      'The person with this number had his data erased, so it is not imported again. ' +
      'It can be only after his recorded consent.',
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
  'area-unknown': {
    vi: 'Không có đơn vị hành chính nào mang tên này. Gần giống: {candidates}. Hãy sửa tên, hoặc ghi tên gọi khác cho địa bàn.',
    en: 'No administrative unit has this name. Nearest: {candidates}. Mend the name, or record it as an alias of an area.',
  },
  'area-ambiguous': {
    vi: 'Có nhiều đơn vị cùng tên này: {candidates}. Hãy ghi thêm huyện cũ vào cột riêng.',
    en: 'Several units have this name: {candidates}. Add the former district in a column of its own.',
  },
  'area-before-2025': {
    vi: 'Đây là đơn vị hành chính trước ngày 01/7/2025. Thuê bao được ghi theo đơn vị cũ.',
    en: 'This is a unit of before 1 July 2025. The subscriber is recorded under the former unit.',
  },
  'area-missing': {
    vi: 'Không có xã/phường. Thuê bao này không được chọn khi gửi theo địa bàn.',
    en: 'There is no commune or ward. This subscriber is left out when texts are sent by area.',
  },
  'language-unknown': {
    vi:
      'Không rõ ngôn ngữ nhận tin nên thuê bao được nhập mà không có ngôn ngữ (nhận tin tiếng Việt). ' +
      'Hãy ghi "tiếng Việt", "Khmer" hoặc "Chăm", hay để trống, rồi gửi lại.',
    en:
      'This is none of the languages of texts; the subscriber is taken without one and gets texts in Vietnamese. ' +
      'Write "Vietnamese", "Khmer" or "Cham", or leave the cell empty, and send it again.',
  },
  'language-is-ethnicity': {
    vi:
      'Đây là dân tộc, không phải ngôn ngữ, nên không được ghi nhận. Cột này chỉ ghi ngôn ngữ người dân muốn nhận tin: ' +
      '"tiếng Việt", "Khmer" hoặc "Chăm". Nếu cột này thật ra ghi dân tộc (dữ liệu nhạy cảm theo Luật 91/2025/QH15), hãy xóa cột rồi gửi lại.',
    en:
      'This is an ethnic group and no language, so it is not kept. The column is only for the language a person wishes to be ' +
      'texted in: "Vietnamese", "Khmer" or "Cham". If it really says ethnicity (sensitive data, Law 91/2025/QH15), delete it and send the file again.',
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
  return textOf(REJECTION_TEXTS, code);
}

export function warningText(code: string): Localised {
  return textOf(WARNING_TEXTS, code);
}

function textOf(texts: Readonly<Record<string, Localised>>, code: string): Localised {
  return Object.hasOwn(texts, code) ? texts[code]! : { vi: code, en: code };
}
