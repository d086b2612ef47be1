import fc from 'fast-check';
import { writtenNumber } from './written-number';

describe('a number in a notice', () => {
  it.each([
    ['1500000', '1.500.000'],
    ['1.500.000', '1.500.000'],
    ['500', '500'],
    ['1500', '1.500'],
    ['0', '0'],
    ['2,5', '2,5'],
    ['1500,75', '1.500,75'],
    ['1.500,125', '1.500,125'],
    ['0,125', '0,125'],
    ['-20000', '-20.000'],
    ['123456789012345', '123.456.789.012.345'],
  ])('%s is written %s', (value, written) => expect(writtenNumber(value)).toBe(written));

  it.each([
    ...['', 'năm', '1 triệu', '1,500', '1,500,000', '1500.75', '1.50', '1.5000', '12.34.567', '0912345678', '00', '+5'],
    ...['1e6', '0x10', '٣', '1 500', '1.500.000đ', '1234567890123456', '2,', ',5', '2,1234567'],
  ])('%j is no number, or can be read in two ways', (value) => expect(writtenNumber(value)).toBeUndefined());

  it('is written as Vietnamese is in the tables of Unicode (CLDR), from digits or from what was written', () => {
    const vietnamese = new Intl.NumberFormat('vi-VN');
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        fc.pre(Math.abs(value) < 1e15);
        const written = writtenNumber(String(value));
        expect(written).toBe(vietnamese.format(value).replace('-0', '0'));
        expect(writtenNumber(written!)).toBe(written);
      }),
      { numRuns: 2_000 },
    );
  });
});
