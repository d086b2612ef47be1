import type { Localised } from '../platform/errors';

/** Why a cell is not a number that a text can be sent to, and what the office can do about it. */
export const PHONE_REFUSALS = {
  'phone-missing': {
    vi: 'Không có số điện thoại. Hãy bổ sung số di động, hoặc bỏ dòng này khỏi danh sách.',
    en: 'There is no phone number. Add a mobile number, or take this row off the list.',
  },
  'not-a-number': {
    vi: 'Nội dung này không phải là số điện thoại. Hãy kiểm tra xem cột có bị lệch không, rồi nhập lại số.',
    en: 'This is not a phone number. Check that the columns have not shifted, then type the number again.',
  },
  'excel-scientific': {
    vi:
      'Excel đã đổi số này sang dạng khoa học (như 9,12E+08) nên mất các chữ số cuối. ' +
      'Hãy mở tệp gốc, đặt định dạng cột là Văn bản (Text) rồi lưu lại thành .xlsx.',
    en:
      'Excel turned this number into scientific notation (as 9.12E+08), and its last digits are lost. ' +
      'Open the original file, format the column as Text and save it again as .xlsx.',
  },
  'excel-error': {
    vi: 'Ô này chứa lỗi của Excel (như #N/A hoặc ####). Hãy sửa công thức hoặc nhập thẳng số điện thoại.',
    en: 'This cell holds an Excel error (such as #N/A or ####). Mend the formula or type the phone number itself.',
  },
  'several-numbers': {
    vi: 'Ô này có nhiều hơn một số điện thoại. Hãy để lại một số, các số khác ghi sang dòng hoặc cột riêng.',
    en: 'This cell holds more than one phone number. Leave one number; put the others in rows or a column of their own.',
  },
  'text-in-number': {
    vi: 'Trong ô có chữ lẫn với số điện thoại. Hãy chỉ để lại số, phần chữ chuyển sang cột ghi chú.',
    en: 'There is text in the cell beside the number. Leave only the number and move the text to the notes column.',
  },
  'masked-number': {
    vi: 'Số điện thoại đã bị che hoặc thiếu chữ số (như 091***678). Hãy nhập đầy đủ các chữ số.',
    en: 'Digits of this number are hidden or left open (as 091***678). Type all the digits.',
  },
  'too-short': {
    vi: 'Số điện thoại thiếu chữ số: số di động có 10 chữ số, kể cả số 0 ở đầu. Hãy kiểm tra lại.',
    en: 'The number lacks digits: a mobile number has 10, the leading 0 included. Check it.',
  },
  'too-long': {
    vi: 'Số điện thoại thừa chữ số: số di động có 10 chữ số, kể cả số 0 ở đầu. Hãy kiểm tra lại.',
    en: 'The number has too many digits: a mobile number has 10, the leading 0 included. Check it.',
  },
  landline: {
    vi: 'Đây là số cố định, không nhận được tin nhắn. Hãy xin số di động của người dân.',
    en: 'This is a landline number, which cannot receive texts. Ask the person for a mobile number.',
  },
  'service-number': {
    vi: 'Đây là số dịch vụ hoặc tổng đài (như 113, 1080, 1900…), không phải số của người dân. Hãy nhập số di động.',
    en: "This is a service number (such as 113, 1080, 1900…), not a person's. Enter a mobile number.",
  },
  'foreign-number': {
    vi: 'Đây là số nước ngoài; hệ thống chỉ gửi đến số di động Việt Nam (+84). Hãy nhập số Việt Nam nếu có.',
    en: 'This is a foreign number; texts go to Vietnamese mobile numbers (+84) only. Enter a Vietnamese one if there is one.',
  },
  'unknown-prefix': {
    vi: 'Đầu số này không thuộc mạng di động nào của Việt Nam, kể cả các đầu 11 số cũ. Hãy kiểm tra lại số.',
    en: 'No Vietnamese mobile network has this prefix, the old 11-digit ones included. Check the number.',
  },
} as const satisfies Record<string, Localised>;

/** What a person should know about a number that is taken nevertheless. */
export const PHONE_WARNINGS = {
  'converted-from-11-digits': {
    vi: 'Số 11 chữ số cũ đã được đổi sang đầu số mới từ 15/9/2018. Danh sách có thể đã cũ, nên xác minh lại.',
    en: 'An 11-digit number was converted to its prefix of 15 September 2018. The list may be old: verify the number.',
  },
  'unfamiliar-range': {
    vi: 'Dải số này chưa có trong danh mục đầu số đang dùng. Số vẫn được nhận; nên xác minh trước khi gửi.',
    en: 'This range is not among those known to be in use. The number is taken; verify it before sending.',
  },
  'maybe-old-landline': {
    vi: 'Có thể là số cố định cũ của An Giang (076) hoặc Kiên Giang (077) trước năm 2017. Nên xác minh với người dân.',
    en: 'This may be an old landline of An Giang (076) or Kien Giang (077) from before 2017. Verify it with the person.',
  },
  'letter-o-for-zero': {
    vi: 'Chữ O đã được đọc là số 0. Nên kiểm tra lại số.',
    en: 'The letter O was read as the digit 0. Check the number.',
  },
} as const satisfies Record<string, Localised>;

export type PhoneRefusal = keyof typeof PHONE_REFUSALS;
export type PhoneWarning = keyof typeof PHONE_WARNINGS;
