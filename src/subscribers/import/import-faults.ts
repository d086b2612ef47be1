import { fault } from '../../platform/errors';

export const importNotFound = fault('notFound', 'import.not-found', {
  vi: 'Không có lần nhập danh sách {id}.',
  en: 'There is no import {id}.',
});

export const notNow = fault('conflict', 'import.not-in-this-state', {
  vi: 'Lần nhập đang ở trạng thái "{state}" nên không thực hiện được việc này. Có thể làm: {allowed}.',
  en: 'The import is in the state "{state}", in which this cannot be done. What can be done: {allowed}.',
});

export const changedMeanwhile = fault(
  'conflict',
  'import.changed-meanwhile',
  {
    vi: 'Kết quả phân tích đã thay đổi kể từ khi bạn xem. Hãy xem lại rồi xác nhận lần nữa.',
    en: 'The analysis has changed since you looked at it. Look at it again, then confirm.',
  },
  'revision',
);

export const hasFault = fault('invalid', 'import.cannot-confirm-fault', {
  vi: 'Chưa xác nhận được: tệp chưa đọc được với lựa chọn hiện tại (xem "fault"). Hãy sửa lựa chọn hoặc gửi tệp khác.',
  en: 'It cannot be confirmed: the file could not be read with the present choices (see "fault"). Change them or send another file.',
});

export const nothingToTake = fault('invalid', 'import.nothing-to-take', {
  vi: 'Không có dòng nào nhận được nên không có gì để nhập. Hãy tải tệp dòng lỗi, sửa rồi gửi lại.',
  en: 'No row can be taken, so there is nothing to import. Download the rejected rows, mend them and send them again.',
});

export const sensitiveData = fault(
  'invalid',
  'import.sensitive-columns',
  {
    vi:
      'Tệp có vẻ chứa dữ liệu nhạy cảm về sức khỏe, xử phạt hoặc dân tộc: {titles}. Hãy xóa các cột này rồi gửi lại; nếu pháp luật ' +
      'cho phép, quản trị viên ghi căn cứ pháp lý vào "sensitiveBasis" trước khi xác nhận.',
    en:
      'The file seems to hold sensitive data on health, sanctions or ethnicity: {titles}. Delete these columns and send it again; where ' +
      'the law allows it, an administrator records the legal basis as "sensitiveBasis" before confirming.',
  },
  'sensitiveBasis',
);

export const noSuchHeaderRow = fault(
  'invalid',
  'import.no-such-header-row',
  {
    vi: 'Dòng tiêu đề {headerRow} không có trong các dòng đầu của trang tính. Hãy xem số dòng trong Excel rồi chọn lại.',
    en: 'Row {headerRow} is not among the first rows of the sheet. Look up its number in Excel and choose again.',
  },
  'headerRow',
);

export const noPhoneColumnChosen = fault(
  'invalid',
  'import.no-phone-column-chosen',
  {
    vi: 'Chưa có cột nào được chọn là số điện thoại. Hãy chọn, ví dụ {"phone": "C"}.',
    en: 'No column is chosen as the phone number. Choose one, as {"phone": "C"}.',
  },
  'columns',
);

export const rowsEmptied = fault('conflict', 'import.rows-emptied', {
  vi: 'Dữ liệu từng dòng của lần nhập này đã được xóa (do bị hủy bỏ hoặc hết thời hạn lưu giữ) nên không còn xem hay hoàn tác được.',
  en: 'The rows of this import were deleted (it was put away, or their time was over): they can neither be seen nor undone.',
});

export const fileGone = fault('conflict', 'import.file-gone', {
  vi: 'Tệp đã được xóa (theo yêu cầu xóa dữ liệu hoặc hết hạn) nên không đọc lại được. Hãy xác nhận hoặc gửi lại tệp.',
  en: 'The file was deleted (at a request for erasure, or its time was over) and cannot be read again. Confirm, or send the file again.',
});

export const gaveUp = fault('unavailable', 'import.gave-up', {
  vi: 'Hệ thống đã thử {tries} lần mà không xong. Sổ thuê bao không bị thay đổi. Hãy báo người quản trị máy chủ xem nhật ký.',
  en: 'This failed {tries} times. The register was not changed. Have the server’s administrator look at the log.',
});

export const tooSlow = fault('invalid', 'import.too-slow', {
  vi: 'Đọc tệp lâu quá {minutes} phút nên đã dừng. Hãy chia danh sách thành nhiều tệp nhỏ hơn.',
  en: 'Reading the file took more than {minutes} minutes and was stopped. Split the list into smaller files.',
});

export const tooManyForXlsx = fault('invalid', 'import.too-many-rows-for-xlsx', {
  vi: 'Có nhiều dòng hơn một trang Excel chứa được. Hãy tải dạng CSV.',
  en: 'There are more rows than an Excel sheet holds. Download the CSV instead.',
});

export const listIsOver = fault('conflict', 'import.list-is-over', {
  vi: 'Danh sách này đã hết thời hạn lưu giữ nên không nhập thêm được. Hãy gia hạn danh sách hoặc chọn danh sách khác.',
  en: 'The time this list may be kept is over, so nothing can be imported into it. Prolong it, or choose another list.',
});

export const columnChosenTwice = fault(
  'invalid',
  'import.column-chosen-twice',
  {
    vi: 'Cột {column} được chọn cho nhiều trường. Mỗi cột chỉ dùng cho một trường.',
    en: 'Column {column} is chosen for several fields. A column can be used for one field only.',
  },
  'columns',
);

export const languageIsNotEthnicity = fault(
  'invalid',
  'import.language-not-ethnicity',
  {
    vi:
      'Cột {column} ghi dân tộc, không dùng làm ngôn ngữ nhận tin được: dân tộc là dữ liệu nhạy cảm và không cho biết ' +
      'người dân muốn nhận tin bằng tiếng gì. Hãy bỏ "language" hoặc chọn cột ghi ngôn ngữ.',
    en:
      'Column {column} says ethnicity and cannot serve as the language of texts: ethnicity is sensitive data, and does not ' +
      'tell which language a person wishes to be texted in. Leave "language" out, or choose a column of languages.',
  },
  'columns',
);

export const noSuchColumn = fault(
  'invalid',
  'import.no-such-column',
  {
    vi: 'Trang tính không có dữ liệu ở cột {column}. Hãy xem chữ cái của cột trong Excel rồi chọn lại.',
    en: 'The sheet has nothing in column {column}. Look up the letter of the column in Excel and choose again.',
  },
  'columns',
);
