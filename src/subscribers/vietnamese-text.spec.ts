import fc from 'fast-check';
import { searchKey, tidyName } from './vietnamese-text';

describe('the key by which Vietnamese text is found', () => {
  it.each(['Hoà', 'Hòa', 'hoa', 'HOÀ', 'Hoà'.normalize('NFD'), ' hòa. ', 'Hò\u200Ba'])(
    'finds %s as "hoa"',
    (spelling) => {
      expect(searchKey(spelling)).toBe('hoa');
    },
  );

  it.each([
    ['Đặng Thị Ước', 'dang thi uoc'],
    ['Ðặng', 'dang'], // U+00D0, the Icelandic letter that old fonts put in place of Đ
    ['đường Trần Hưng Đạo', 'duong tran hung dao'],
    ['Xã/phường/thị trấn', 'xa phuong thi tran'],
    ['Số điện thoại\n(di động)', 'so dien thoai di dong'],
    ['Ｐｈｏｎｅ', 'phone'],
    ['Ph\u00ADường', 'phuong'],
    ['  --  ', ''],
  ])('reads %s as "%s"', (text, key) => {
    expect(searchKey(text)).toBe(key);
  });

  it('is the same however the accents of a text are stored', () => {
    const letters = fc.constantFrom(...'aàảãáạăằẳẵắặâầẩẫấậđĐeèẻẽéẹêềểễếệiơờởỡớợưừửữứựyỳỷỹýỵ BCZ019 ,.-()/’½ø');
    const text = fc.oneof(fc.string({ unit: letters, maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 20 }));
    fc.assert(fc.property(text, (given) => searchKey(given) === searchKey(given.normalize('NFD'))));
  });

  it('gives a key that is its own key', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => searchKey(searchKey(text)) === searchKey(text)));
  });
});

describe('a name as it is stored', () => {
  it.each([
    ['  Nguyễn   Văn\u00A0An ', 'Nguyễn Văn An'],
    ['Nguyễn Văn An'.normalize('NFD'), 'Nguyễn Văn An'],
    ['Trần\tThị\r\nBé', 'Trần Thị Bé'],
    ['\uFEFFLê\u200B Văn\u202A Tám\u202C', 'Lê Văn Tám'],
    ['Võ\u0000 Thị \u00ADSáu', 'Võ Thị Sáu'],
    ["Y'Moan (Ba)", "Y'Moan (Ba)"],
    [' ', ''],
  ])('tidies %j into %j', (text, name) => {
    expect(tidyName(text)).toBe(name);
  });

  it('leaves a tidy name as it is, whatever was typed first', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => tidyName(tidyName(text)) === tidyName(text)));
  });
});
