/**
 * Words of which lists of people are full: the commonest family and middle names of the country (the ten first family names
 * are borne by more than eight people in ten) and what columns are called. In a list of three names they tell a coding
 * from another in which the same bytes happen to be a syllable too, as "Lê" and "Lờ".
 */
const FAMILIAR = new Set(
  (
    'nguyễn trần lê phạm huỳnh hoàng phan vũ võ đặng bùi đỗ hồ ngô dương lý đào đoàn đinh lâm trịnh mạc hà cao tạ tô châu ' +
    'lương trương thái mã kiều lưu vương thạch lục văn thị hữu đức ngọc bích tuyết hồng mỹ thùy thúy quốc công thành ' +
    'phước xuân hải hùng dũng tuấn bình phương hương hạnh hiền lan bé út ' +
    'họ và tên số điện thoại đt sđt địa chỉ xã phường thị trấn ấp khóm tổ tỉnh huyện ghi chú danh sách ngày năm sinh nữ ' +
    'giới tính đệm di động liên hệ chủ hộ dân tộc'
  ).split(' '),
);

/** @param word NFC, in any case */
export function isFamiliar(word: string): boolean {
  return FAMILIAR.has(word.toLowerCase());
}
