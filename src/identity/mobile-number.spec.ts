import fc from 'fast-check';
import { readMobileNumber } from './mobile-number';

describe("a colleague's number", () => {
  it.each(['0912345678', '+84912345678', '84912345678', ' 0912 345 678 ', '0912.345.678', '+84 912-345-678'])(
    '%j is one number, however it is written',
    (typed) => expect(readMobileNumber(typed)).toBe('+84912345678'),
  );

  it.each([
    '',
    '912345678',
    '09123456789',
    '091234567',
    '0296385123',
    '02963851234',
    '01212345678',
    '+855912345678',
    '0912345678; 0987654321',
    '0912  345 678',
    '091234567８',
    'ĐT: 0912345678',
  ])('%j is refused rather than guessed at', (typed) => {
    expect(() => readMobileNumber(typed)).toThrow(expect.objectContaining({ code: 'user.phone-form' }));
  });

  it('comes out as the database wants it, whatever is typed', () => {
    const typed = fc.oneof(fc.string(), fc.stringMatching(/^(0|\+?84)[35789]( ?\d){8}$/));
    fc.assert(
      fc.property(typed, (text) => {
        try {
          expect(readMobileNumber(text)).toMatch(/^\+84\d{9}$/);
        } catch (error) {
          expect(error).toMatchObject({ code: 'user.phone-form' });
        }
      }),
    );
  });
});
