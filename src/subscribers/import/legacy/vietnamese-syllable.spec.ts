import { isVietnameseSyllable } from './vietnamese-syllable';

describe('a Vietnamese syllable', () => {
  it.each(
    (
      'Nguyễn Trần Lê Phạm Huỳnh Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đoàn Trương Khuê Thụy Quách Quốc Quý Quí ' +
      'Quới Giàu Giêng Giếng Gì Nghĩa Nghiêm Ghềnh Út Ấn Ước Ý Yến Uyên Oanh Khuya Khuỷu Xoong Thuở Ngoằn Phượng Người ' +
      'hoà hòa thuý thúy HỌ VÀ TÊN ĐIỆN THOẠI xã phường ấp khóm'
    ).split(' '),
  )('is %s', (word) => {
    expect(isVietnameseSyllable(word)).toBe(true);
  });

  it.each([
    ['a word of a wrong coding', ['NguyÔn', 'Phaïm', 'Traàn', 'Nguyêñn', 'TrÇn', 'Nguyá»…n']],
    ['a word with a capital in its middle', ['nguyỄn', 'NGuyễn']],
    ['a stop without acute or dot below', ['Đảt', 'Đat', 'cãp', 'tỉch']],
    ['a word with two tones', ['Nguyễń', 'hòá']],
    ['a tone beside its vowel', ['hòang', 'hửơng', 'maì']],
    ['a spelling against the rules', ['kà', 'cế', 'ngế', 'nghà', 'qiế', 'điềg', 'byến']],
    ['a word of another language', ['café', 'naïve', 'Müller', 'José', 'été', 'Straße']],
    ['nothing, or a sign', ['', '-', '?', '\uFFFD']],
  ])('is not %s', (_, words) => {
    expect(words.filter(isVietnameseSyllable)).toEqual([]);
  });
});
