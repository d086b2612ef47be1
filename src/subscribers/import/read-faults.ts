import { fault } from '../../platform/errors';

/* What can be wrong with a whole file. Nothing of it is taken then, so each sentence says how to get it taken. */

export const emptyFile = fault('unreadable', 'import.empty-file', {
  vi: 'Tệp trống, không có dòng nào. Hãy kiểm tra lại rồi gửi tệp có danh sách thuê bao.',
  en: 'The file is empty. Check it and send the file that holds the subscriber list.',
});

export const emptySheet = fault('unreadable', 'import.empty-sheet', {
  vi:
    'Các trang tính không bị ẩn của tệp đều không có dữ liệu. ' +
    'Hãy nhập danh sách vào một trang hoặc bỏ ẩn (Unhide) trang có danh sách, lưu lại rồi gửi lại tệp.',
  en:
    'No visible sheet of the workbook holds any data. ' +
    'Enter the list in a sheet, or unhide the sheet that has it, save, and send the file again.',
});

export const noVisibleSheet = fault('unreadable', 'import.no-visible-sheet', {
  vi: 'Tệp không có trang tính nào hiển thị. Hãy bỏ ẩn (Unhide) trang có danh sách, lưu lại rồi gửi lại tệp.',
  en: 'The workbook has no visible sheet. Unhide the sheet with the list, save, and send the file again.',
});

export const noSuchSheet = fault(
  'invalid',
  'import.no-such-sheet',
  {
    vi: 'Tệp không có trang tính "{sheet}". Hãy chọn một trong các trang: {sheets}.',
    en: 'The workbook has no sheet "{sheet}". Choose one of these: {sheets}.',
  },
  'sheet',
);

export const hiddenSheet = fault(
  'invalid',
  'import.hidden-sheet',
  {
    vi: 'Trang tính "{sheet}" đang bị ẩn nên không được đọc. Hãy bỏ ẩn (Unhide) trang đó trong tệp, lưu lại rồi gửi lại tệp.',
    en: 'The sheet "{sheet}" is hidden and is therefore not read. Unhide it in the workbook, save, and send the file again.',
  },
  'sheet',
);

export const emptyChosenSheet = fault(
  'invalid',
  'import.empty-chosen-sheet',
  {
    vi: 'Trang tính "{sheet}" không có dữ liệu. Hãy chọn trang có danh sách.',
    en: 'The sheet "{sheet}" holds no data. Choose the one with the list.',
  },
  'sheet',
);

export const notASpreadsheet = fault('unreadable', 'import.not-a-spreadsheet', {
  vi: 'Đây không phải là bảng tính hay tệp CSV. Hãy gửi danh sách ở dạng .xlsx, .xls, .ods hoặc CSV UTF-8.',
  en: 'This is neither a spreadsheet nor a CSV file. Send the list as .xlsx, .xls, .ods or "CSV UTF-8".',
});

export const notWhatItsNameSays = fault('unreadable', 'import.not-what-its-name-says', {
  vi:
    'Tên tệp có đuôi .{extension} nhưng nội dung không phải như vậy. ' +
    'Hãy mở tệp bằng chương trình đã tạo ra nó, lưu danh sách thành .xlsx rồi gửi lại.',
  en:
    'The name of the file ends in .{extension}, but its content is something else. ' +
    'Open it in the program that made it, save the list as .xlsx and send that.',
});

export const xlsbNotSupported = fault('unreadable', 'import.xlsb-not-supported', {
  vi: 'Đây là tệp Excel nhị phân (.xlsb). Hãy mở bằng Excel, chọn Lưu thành (Save As) dạng .xlsx rồi gửi lại.',
  en: 'This is a binary Excel workbook (.xlsb). Open it in Excel, use Save As to make an .xlsx, and send that.',
});

export const htmlFile = fault('unreadable', 'import.html-file', {
  vi:
    'Đây thực ra là một trang web (HTML) dù tên tệp có thể là .xls hay .xlsx. ' +
    'Hãy mở bằng Excel, chọn Lưu thành (Save As) dạng .xlsx rồi gửi lại.',
  en:
    'This is in fact a web page (HTML), although its name may say .xls or .xlsx. ' +
    'Open it in Excel, use Save As to make an .xlsx, and send that.',
});

export const xmlSpreadsheet = fault('unreadable', 'import.xml-spreadsheet', {
  vi:
    'Đây là bảng tính dạng XML (XML 2003 hoặc Flat OpenDocument). ' +
    'Hãy mở bằng Excel hoặc LibreOffice, lưu thành .xlsx rồi gửi lại.',
  en:
    'This is a spreadsheet written as XML (XML 2003 or Flat OpenDocument). ' +
    'Open it in Excel or LibreOffice, save it as .xlsx, and send that.',
});

export const encryptedFile = fault('unreadable', 'import.encrypted', {
  vi:
    'Tệp được bảo vệ bằng mật khẩu nên không đọc được. ' +
    'Hãy mở bằng Excel, bỏ mật khẩu (Tệp > Thông tin > Bảo vệ sổ làm việc), lưu lại rồi gửi lại.',
  en:
    'The file is protected by a password and cannot be read. ' +
    'Open it in Excel, remove the password (File > Info > Protect Workbook), save, and send it again.',
});

export const damagedWorkbook = fault('unreadable', 'import.damaged-file', {
  vi:
    'Tệp bảng tính bị hỏng hoặc tải lên chưa trọn vẹn. ' +
    'Hãy thử gửi lại; nếu vẫn lỗi, mở bằng Excel, lưu thành tệp .xlsx mới rồi gửi tệp đó.',
  en:
    'The workbook is damaged or was not sent completely. ' +
    'Try again; if that fails, open it in Excel, save it as a new .xlsx and send that.',
});

export const undecodableText = fault('unreadable', 'import.undecodable', {
  vi:
    'Không đọc được chữ ở khoảng dòng {row} bằng bảng mã đã chọn hoặc đã đoán. ' +
    'Hãy chọn bảng mã khác ("coding"), hoặc mở tệp bằng Excel, lưu thành .xlsx rồi gửi lại.',
  en:
    'The text near row {row} cannot be read in the coding that was chosen or guessed. ' +
    'Choose another ("coding"), or open the file in Excel, save it as .xlsx, and send that.',
});

export const quoteNotClosed = fault('unreadable', 'import.quote-not-closed', {
  vi:
    'Ở dòng {row} có dấu ngoặc kép (") mở mà không đóng nên các dòng sau bị dính vào nhau. ' +
    'Hãy sửa dòng đó, hoặc gửi danh sách ở dạng .xlsx.',
  en:
    'In row {row} a quotation mark (") opens and does not close, so that the rows after it run together. ' +
    'Mend that row, or send the list as .xlsx.',
});

export const tooManyRows = fault('tooLarge', 'import.too-many-rows', {
  vi: 'Tệp có hơn {maxRows} dòng. Hãy chia danh sách thành nhiều tệp nhỏ hơn rồi gửi từng tệp.',
  en: 'The file has more than {maxRows} rows. Split the list into smaller files and send them one by one.',
});

export const tooManyColumns = fault('invalid', 'import.too-many-columns', {
  vi: 'Dòng {row} có dữ liệu ở quá {maxColumns} cột. Hãy xóa các cột thừa rồi gửi lại.',
  en: 'Row {row} holds data in more than {maxColumns} columns. Delete the columns that are not needed and send it again.',
});

export const cellTooLong = fault('invalid', 'import.cell-too-long', {
  vi: 'Ô {cell} dài hơn {maxCellLength} ký tự. Hãy rút gọn nội dung ô đó rồi gửi lại.',
  en: 'Cell {cell} is longer than {maxCellLength} characters. Shorten it and send the file again.',
});

export const unpackedTooLarge = fault('tooLarge', 'import.unpacked-too-large', {
  vi:
    'Nội dung của tệp quá lớn (hơn {maxMegabytes} MB khi giải nén). ' +
    'Hãy chỉ giữ trang có danh sách, hoặc chia thành nhiều tệp nhỏ hơn.',
  en:
    'The content of the file is too large (more than {maxMegabytes} MB when unpacked). ' +
    'Keep only the sheet with the list, or split it into smaller files.',
});

export const tooLargeXls = fault('tooLarge', 'import.xls-too-large', {
  vi: 'Tệp .xls lớn hơn {maxMegabytes} MB. Hãy mở bằng Excel, chọn Lưu thành (Save As) dạng .xlsx rồi gửi lại.',
  en: 'The .xls file is larger than {maxMegabytes} MB. Open it in Excel, use Save As to make an .xlsx, and send that.',
});

export const tooHeavyWorkbook = fault('tooLarge', 'import.xls-too-heavy', {
  vi:
    'Đọc tệp .xls này tốn quá nhiều thời gian hoặc bộ nhớ. ' +
    'Hãy mở bằng Excel, chọn Lưu thành (Save As) dạng .xlsx rồi gửi lại.',
  en:
    'Reading this .xls file takes too much time or memory. ' +
    'Open it in Excel, use Save As to make an .xlsx, and send that.',
});

export const tooManyMergedCells = fault('invalid', 'import.too-many-merged-cells', {
  vi: 'Trang tính có quá nhiều ô gộp. Hãy bỏ gộp ô (Unmerge Cells) trong danh sách rồi gửi lại.',
  en: 'The sheet has too many merged cells. Unmerge the cells of the list and send it again.',
});

export const noPhoneColumn = fault('invalid', 'import.no-phone-column', {
  vi:
    'Không tìm thấy cột số điện thoại trong {searchedRows} dòng đầu. ' +
    'Hãy chọn trang tính, dòng tiêu đề hoặc cột khác ("sheet", "headerRow", "columns"), hay đặt tên cột là một trong các tên: {titles}; rồi gửi lại tệp.',
  en:
    'No column of phone numbers was found in the first {searchedRows} rows. ' +
    'Choose another sheet, header row or column ("sheet", "headerRow", "columns"), or give the column one of these titles: {titles}; then send the file again.',
});

export const noRows = fault('invalid', 'import.no-rows', {
  vi: 'Tệp có dòng tiêu đề nhưng không có dòng dữ liệu nào. Hãy kiểm tra xem danh sách có nằm ở trang tính khác không.',
  en: 'The file has a header but no rows of data. Check whether the list is on another sheet.',
});
