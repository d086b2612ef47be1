import * as fc from 'fast-check';
import { digitTraces, mentionsNumber, withoutNumber } from './number-traces';

const traces = digitTraces('+84369123456');

describe('the traces of a number', () => {
  it.each([
    '0369123456',
    '+84 369 123 456',
    '(84) 36.912.3456',
    '01669 123 456',
    'ĐT: 0369-123-456 (Zalo)',
    '0912345678; 0369123456',
    '３６９１２３４５６',
    'o369123456',
    '369123456',
  ])('are found in %s', (text) => {
    expect(mentionsNumber(text, traces)).toBe(true);
  });

  it.each(['0369123457', '0369 12345', 'Nguyễn Văn Hùng', '', '03691', '0669123456'])(
    'are not found in "%s"',
    (text) => {
      expect(mentionsNumber(text, traces)).toBe(false);
    },
  );

  it('are found however the digits are spaced', () => {
    const blanks = fc.array(fc.constantFrom('', ' ', '.', '-', '\u00a0', '/'), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(blanks, (between) => {
        const text = [...'0369123456'].map((digit, i) => digit + between[i]).join('');
        expect(mentionsNumber(text, traces)).toBe(true);
      }),
    );
  });

  it('are taken out of rows as a whole, and leave everything else as it was', () => {
    const sample = [
      { rowNumber: 5, cells: ['1', 'Lê Bé', '0369 123 456'] },
      { rowNumber: 6, cells: ['2', 'Trần Tư', '0912345678'] },
    ];
    expect(withoutNumber({ sheet: 'Ấp 3', sample, note: '01669123456' }, traces)).toEqual({
      sheet: 'Ấp 3',
      sample: [{ rowNumber: 5, cells: ['', '', ''] }, sample[1]],
      note: '',
    });
  });
});
