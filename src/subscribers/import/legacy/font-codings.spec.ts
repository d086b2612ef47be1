import fc from 'fast-check';
import { encode } from 'iconv-lite';
import { encodeTcvn3, encodeVni } from '../../../../test/subscribers/old-codings';
import { fromTcvn3 } from './from-tcvn3';
import { fromVni } from './from-vni';

const SMALL = 'àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ';
const LETTERS = SMALL + SMALL.toUpperCase();
const PLAIN = 'abcdeghiklmnopqrstuvxy';
/** Any letters in any order, spaces and signs between them, although no language has such words. */
const anyText = fc.string({ unit: fc.constantFrom(...LETTERS, ...PLAIN, ...PLAIN.toUpperCase(), ' ', '-', '9', ';') });

describe('text of the fonts VNI-Times', () => {
  it.each([
    ['Nguyeãn Vaên AÁn', 'Nguyễn Văn Ấn'],
    ['Phöôïng', 'Phượng'],
    ['Ñaëng Thò Myõ', 'Đặng Thị Mỹ'],
    ['TRÖÔØNG THPT LÒCH HOÄI THÖÔÏNG', 'TRƯỜNG THPT LỊCH HỘI THƯỢNG'],
    ['Hoï vaø teân;Soá ñieän thoaïi;Xaõ/phöôøng', 'Họ và tên;Số điện thoại;Xã/phường'],
    ['Quyù, Tyû, Thuïy, thuôû, khuyûu, Kyø', 'Quý, Tỷ, Thụy, thuở, khuỷu, Kỳ'],
    ['Aùnh', 'Ánh'],
  ])('%s reads %s', (written, meant) => {
    expect(fromVni(written)).toBe(meant);
  });

  it('has all 134 accented letters', () => {
    expect(LETTERS).toHaveLength(134);
    for (const letter of LETTERS) expect([letter, fromVni(encodeVni(letter))]).toEqual([letter, letter]);
  });

  it('comes back as it was written, whatever stands beside what', () => {
    fc.assert(
      fc.property(anyText, (text) => expect(fromVni(encodeVni(text))).toBe(text)),
      { numRuns: 5_000 },
    );
  });
});

describe('text of the fonts .VnTime', () => {
  it.each([
    ['NguyÔn V¨n \u00CAn', 'Nguyễn Văn ấn'],
    ['Ph\u00ADîng', 'Phượng'],
    ['§Æng ThÞ Mü', 'Đặng Thị Mỹ'],
    ['Hä vµ tªn;Sè ®iÖn tho¹i;X·/ph\u00ADêng', 'Họ và tên;Số điện thoại;Xã/phường'],
  ])('%s reads %s', (written, meant) => {
    expect(fromTcvn3(written)).toBe(meant);
  });

  it('has its small letters and seven capitals, as the standard and iconv have them', () => {
    for (const letter of `${SMALL}ĂÂĐÊÔƠƯ`) {
      expect([letter, fromTcvn3(encode(letter, 'tcvn').toString('latin1'))]).toEqual([letter, letter]);
    }
  });

  it('comes back as it was written, if it was in small letters', () => {
    const words = anyText.map((text) => text.toLowerCase());
    fc.assert(
      fc.property(words, (text) => expect(fromTcvn3(encodeTcvn3(text))).toBe(text)),
      { numRuns: 5_000 },
    );
  });

  it.each(['NGUYỄN VĂN TÝ', 'VÕ THỊ BÉ', 'LÊ THỊ MỸ', 'ẤN PHƯỢNG', 'HUỲNH VŨ'])(
    'typed in capitals reads %s, although the coding has none for most letters',
    (name) => {
      expect(fromTcvn3(encodeTcvn3(name))).toBe(name);
    },
  );

  it.each(['Vũ Tú', 'Lý Bé', 'TP. Vũng Tàu', 'TP. Vũ', 'Võ Tý'])('keeps the small letters of %s', (name) => {
    expect(fromTcvn3(encodeTcvn3(name))).toBe(name);
  });
});

describe.each([
  ['TCVN3', fromTcvn3],
  ['VNI', fromVni],
] as const)('text that is no %s', (_, convert) => {
  it('is left alone if it is plain', () => {
    const ascii = fc.string({ unit: 'binary-ascii' });
    fc.assert(fc.property(ascii, (text) => expect(convert(text)).toBe(text)));
  });

  it('is left alone if it is Unicode, even in a cell of such a font', () => {
    expect(convert('Nguyễn Hoàng Hà')).toBe('Nguyễn Hoàng Hà');
    expect(convert('Nguyễn Hoàng Hà'.normalize('NFD'))).toBe('Nguyễn Hoàng Hà');
  });

  it('never stops the reading, and ends as NFC', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(convert(text)).toBe(convert(text).normalize('NFC'));
      }),
    );
  });
});
