import fc from 'fast-check';
import { bareName } from './bare-name';

describe('a name without its title', () => {
  it.each([
    ['Ông Nguyễn Văn An', 'Nguyễn Văn An'],
    ['ông Trần Bình', 'Trần Bình'],
    ['BÀ LÊ THỊ BÉ', 'LÊ THỊ BÉ'],
    ['Bà. Lê Thị Bé', 'Lê Thị Bé'],
    ['Anh.Phạm Dũng', 'Phạm Dũng'],
    ['Chị  Huỳnh Thị Ngọc Lan', 'Huỳnh Thị Ngọc Lan'],
    ['Cô Néang Sóc Kha', 'Néang Sóc Kha'],
    ['Chú Chau Phol', 'Chau Phol'],
    ['Bác Đặng Văn Em', 'Đặng Văn Em'],
    ['Em Võ Minh Anh', 'Võ Minh Anh'],
    ['Ông/Bà Nguyễn Văn An', 'Nguyễn Văn An'],
    ['Ông Bà Nguyễn Văn An', 'Nguyễn Văn An'],
    ['Đồng chí Đỗ Thị Hoa', 'Đỗ Thị Hoa'],
    ['Bà. Tám', 'Tám'],
    [' Ông Nguyễn Văn An ', 'Nguyễn Văn An'],
    ['Ông Nguyễn Văn An'.normalize('NFD'), 'Nguyễn Văn An'],
  ])('%s becomes %s', (name, bare) => expect(bareName(name)).toBe(bare));

  it.each([
    ...['Nguyễn Thị Anh', 'Anh Thư', 'Anh', 'Ông', 'Bà.', 'Nguyễn Văn Em', 'Chu Văn An', 'Chú', 'Bác Ái'],
    // Ông is a family name too, and these are people.
    ...['Ông Ích Khiêm', 'Ông Văn Tùng', 'Ông Thị Lan', 'Ông Nguyễn'],
    // Short calls that are no full names stay: a title too many does no harm.
    ...['Ông Tám', 'Chị Ngọc Lan', 'Anhtuan Nguyễn', 'Emma Lê Thị', 'Bành Thị Cô'],
  ])('%s stays whole', (name) => expect(bareName(name)).toBe(name));

  it('is never empty, and never loses anything but the title before it', () => {
    const words = fc.constantFrom(
      'Ông',
      'Bà',
      'Anh',
      'Em',
      'Cô',
      'Nguyễn',
      'Trần',
      'Thư',
      'Văn',
      'An',
      '.',
      '/',
      'đồng',
      'chí',
    );
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 6 }), (parts) => {
        const name = parts.join(' ');
        const bare = bareName(name);
        expect(bare).not.toBe('');
        expect(name.endsWith(bare)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the name itself when a family name comes first', () => {
    const family = fc.constantFrom('Nguyễn', 'Trần', 'Lê', 'Chu', 'Danh', 'Chau', 'Huỳnh');
    const further = fc.array(fc.constantFrom('Anh', 'Em', 'Chị', 'Cô', 'Văn', 'Thị', 'Thư'), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(family, further, (first, rest) => {
        const name = [first, ...rest].join(' ');
        expect(bareName(name)).toBe(name);
        expect(bareName(`Ông ${name}`)).toBe(name);
      }),
    );
  });
});
