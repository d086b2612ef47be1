import { sensitiveColumns } from './sensitive-columns';

const kinds = (...titles: string[]) => sensitiveColumns(titles, []).map(({ column, kind }) => [column, kind]);
const ofList = (...headings: string[]) => sensitiveColumns([], headings).map(({ kind }) => kind);

describe('sensitive data in a list', () => {
  it.each(['Tình trạng cách ly', 'Kết quả xét nghiệm', 'F0/F1', 'Bệnh nền', 'Số mũi tiêm', 'Mức độ khuyết tật'])(
    'is a column "%s", on health',
    (title) => expect(kinds('Họ tên', 'SĐT', title)).toEqual([[2, 'health']]),
  );

  it.each(['Hành vi vi phạm', 'Số QĐ xử phạt', 'Mức phạt (đồng)', 'Tiền án, tiền sự', 'Tội danh'])(
    'is a column "%s", on sanctions',
    (title) => expect(kinds('Họ tên', title, 'SĐT')).toEqual([[1, 'sanction']]),
  );

  it.each(['Dân tộc', 'DÂN TỘC', 'Dan toc', 'Thành phần dân tộc', 'Dân tộc, tôn giáo', 'Ethnicity'])(
    'is a column "%s", on ethnicity',
    (title) => expect(kinds('Họ tên', 'SĐT', title)).toEqual([[2, 'ethnicity']]),
  );

  it.each([
    'STT',
    'Họ và tên',
    'Số điện thoại',
    'Xã/phường',
    'Ấp/khóm',
    'Ngày sinh',
    'Bệnh viện',
    'Trạm y tế',
    'Ghi chú',
    'Nơi làm việc',
    'Phát tờ rơi',
    'Ngôn ngữ nhận tin',
    'Tiếng dân tộc',
    'Trường dân tộc nội trú',
  ])('is not a column "%s"', (title) => expect(kinds(title)).toEqual([]));

  it('is a list of people in quarantine or fined, whatever its columns', () => {
    expect(ofList('DANH SÁCH NGƯỜI ĐANG CÁCH LY TẠI NHÀ')).toEqual(['health']);
    expect(ofList('Danh sách trường hợp đã bị xử phạt.xlsx')).toEqual(['sanction']);
    expect(ofList('Danh sách F0 xã Ba Chúc')).toEqual(['health']);
  });

  it('is no list of those who are to be told about quarantine or fines', () => {
    expect(ofList('Danh sách nhận tin về chế tài xử phạt vi phạm phòng, chống dịch')).toEqual([]);
    expect(ofList('Danh sách cử tri xã Ba Chúc.xlsx', 'Sheet1')).toEqual([]);
  });
});
