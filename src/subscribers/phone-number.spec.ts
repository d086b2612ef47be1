import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { displayPhone, judgePhoneNumber, maskPhone, type PhoneVerdict } from './phone-number';
import { FAMILIAR_MOBILE, PREFIX_AFTER_2018 } from './phone-prefixes';
import { PHONE_REFUSALS, PHONE_WARNINGS, type PhoneRefusal, type PhoneWarning } from './phone-verdicts';

const accepted = (phone: string, ...warnings: PhoneWarning[]): PhoneVerdict => ({ kind: 'accepted', phone, warnings });
const refused = (code: PhoneRefusal): PhoneVerdict => ({ kind: 'refused', code });

describe('the phone rule', () => {
  it.each([
    '0912345678',
    '912345678', // Excel took the zero
    '912345678.0',
    '912345678,00',
    '84912345678',
    '84912345678.0',
    '+84912345678',
    '0084912345678',
    '+84 (0) 912 345 678',
    '+84(0)912345678',
    '+840912345678',
    '840912345678',
    '084912345678',
    '+0912345678',
    '00912345678',
    '0912.345.678',
    '0912-345-678',
    '0912 345 678',
    '0912 - 345 - 678',
    '0912,345,678',
    '(0912) 345678',
    '0912_345_678',
    '0912345678.',
    '0912345678;',
    '0912\u00A0345\u202F678',
    '0912\u200B345\u200C678',
    '\u202A0912345678\u202C',
    '\u200E+84912345678\u200F',
    '\u20660912345678\u2069',
    '\uFEFF0912345678',
    '0912\u2011345\u2013678',
    '０９１２３４５６７８',
    '＋８４９１２３４５６７８',
    '٠٩١٢٣٤٥٦٧٨',
    '۰۹۱۲۳۴۵۶۷۸',
    "'0912345678",
    '’0912345678',
    '`0912345678',
    '"0912345678"',
    '="0912345678"',
    '\t 0912345678 \r\n',
    'ĐT: 0912345678',
    'SĐT 0912 345 678',
    'Số điện thoại: 0912345678',
    'Tel. +84 912 345 678',
    '0912345678 (Zalo)',
    '0912345678 - Viettel',
  ])('reads %j as one and the same number', (spelling) => {
    expect(judgePhoneNumber(spelling)).toEqual(accepted('+84912345678'));
  });

  it('reads the letter O as zero and says so', () => {
    expect(judgePhoneNumber('O9123O5678')).toEqual(accepted('+84912305678', 'letter-o-for-zero'));
    expect(judgePhoneNumber('ĐT: O912305678')).toEqual(accepted('+84912305678', 'letter-o-for-zero'));
  });

  it.each([
    ['841234567', '+84841234567'], // 084 1234567 whose zero Excel took: not country code 84
    ['0841234567', '+84841234567'],
    ['84841234567', '+84841234567'],
    ['+84841234567', '+84841234567'],
    ['0084841234567', '+84841234567'],
  ])('does not take the 84 of 084 for the country code: %s', (spelling, phone) => {
    expect(judgePhoneNumber(spelling)).toEqual(accepted(phone));
  });

  it.each(Object.entries(PREFIX_AFTER_2018))('converts the 11-digit numbers of 0%s to 0%s', (before, after) => {
    const expected = accepted(`+84${after}2345678`.slice(0, 12), 'converted-from-11-digits');
    const seven = '2345678';
    for (const spelling of [
      `0${before}${seven}`,
      `${before}${seven}`,
      `+84${before}${seven}`,
      `84 ${before} ${seven}`,
    ]) {
      expect(judgePhoneNumber(spelling)).toEqual(expected);
    }
    expect(parsePhoneNumberFromString(`+84${after}${seven}`)?.getType()).toBe('MOBILE');
  });

  it('knows all 21 conversions', () => {
    expect(Object.keys(PREFIX_AFTER_2018)).toHaveLength(21);
    expect(judgePhoneNumber('01689123456')).toEqual(accepted('+84389123456', 'converted-from-11-digits'));
    expect(judgePhoneNumber('01993123456')).toEqual(accepted('+84593123456', 'converted-from-11-digits'));
  });

  it.each([
    ['', 'phone-missing'],
    ['   ', 'phone-missing'],
    ['-', 'phone-missing'],
    ['0', 'phone-missing'],
    ['Không có', 'phone-missing'],
    ['ko', 'phone-missing'],
    ['9.12346E+08', 'excel-scientific'],
    ['9,12E+08', 'excel-scientific'],
    ['8.4912345678E10', 'excel-scientific'],
    ['9e8', 'excel-scientific'],
    ['#N/A', 'excel-error'],
    ['#REF!', 'excel-error'],
    ['#NAME?', 'excel-error'],
    ['########', 'excel-error'],
    ['0912345678; 0987654321', 'several-numbers'],
    ['0912345678;0987654321', 'several-numbers'],
    ['0912345678/0987654321', 'several-numbers'],
    ['0912345678, 0987654321', 'several-numbers'],
    ['0912345678 - 0987654321', 'several-numbers'],
    ['0912345678-0987654321', 'several-numbers'],
    ['0912345678 0987654321', 'several-numbers'],
    ['0912 345 678 0987 654 321', 'several-numbers'],
    ['0912345678\n0987654321', 'several-numbers'],
    ['0912345678 hoặc 0987654321', 'several-numbers'],
    ['0912345678 (vợ: 0987654321)', 'several-numbers'],
    ['+84912345678+84987654321', 'several-numbers'],
    ['09123456780987654321', 'several-numbers'],
    ['0912345678/79', 'several-numbers'],
    ['0912345678, 2', 'several-numbers'],
    ['0912345678 (A Nam)', 'text-in-number'],
    ['0912345678 (số của con)', 'text-in-number'],
    ['0912345678 ext 5', 'text-in-number'],
    ['0912345678x5', 'masked-number'],
    ['091***678', 'masked-number'],
    ['0912345xxx', 'masked-number'],
    ['Nguyễn Văn An', 'not-a-number'],
    ['Ấp Bình An 2', 'not-a-number'],
    ['091234567', 'too-short'],
    ['3852345', 'too-short'],
    ['09123456789', 'too-long'],
    ['091234567890', 'too-long'],
    ['02963852345', 'landline'],
    ['0296 3852 345', 'landline'],
    ['2963852345', 'landline'],
    ['+842963852345', 'landline'],
    ['02438123456', 'landline'],
    ['0438123456', 'landline'],
    ['0672123456', 'landline'],
    ['113', 'service-number'],
    ['1080', 'service-number'],
    ['19001234', 'service-number'],
    ['1900 123456', 'service-number'],
    ['1800 1091', 'service-number'],
    ['8088', 'service-number'],
    ['+85512345678', 'foreign-number'],
    ['0085512345678', 'foreign-number'],
    ['85512345678', 'foreign-number'],
    ['+6581234567', 'foreign-number'],
    ['+912345678', 'foreign-number'],
    ['0123456789', 'unknown-prefix'],
    ['01871234567', 'unknown-prefix'],
    ['0112345678', 'unknown-prefix'],
    ['0121123456', 'unknown-prefix'], // 01211 23456 for libphonenumber, but rather an old number short of a digit
    ['0140123456', 'unknown-prefix'],
    ['0'.repeat(500), 'not-a-number'],
  ] as [string, PhoneRefusal][])('refuses %j: %s', (cell, code) => {
    expect(judgePhoneNumber(cell)).toEqual(refused(code));
  });

  it.each([
    '0992123456',
    '0520123456',
    '0550123456',
    '0890123456',
    '0301234567',
    '0951234567',
    '0510123456',
    '0801234567',
  ])('takes %s, of a range not known to be in use, with a warning', (cell) => {
    expect(judgePhoneNumber(cell)).toEqual(accepted(`+84${cell.slice(1)}`, 'unfamiliar-range'));
  });

  it.each(['0763852345', '0766123456', '763852345', '0773852345', '+84776123456'])(
    'takes %s with a warning that it may be a landline of before 2017',
    (cell) => {
      expect(judgePhoneNumber(cell)).toMatchObject({ kind: 'accepted', warnings: ['maybe-old-landline'] });
    },
  );

  it('warns of no landline for other numbers of 076 and 077, nor for those converted from 0126 and 0122', () => {
    expect(judgePhoneNumber('0761234567')).toEqual(accepted('+84761234567'));
    expect(judgePhoneNumber('01263852345')).toEqual(accepted('+84763852345', 'converted-from-11-digits'));
  });

  it('has a sentence in both languages for every code', () => {
    for (const text of [...Object.values(PHONE_REFUSALS), ...Object.values(PHONE_WARNINGS)]) {
      expect(text.vi).toBe(text.vi.normalize('NFC'));
      expect(text.vi.length).toBeGreaterThan(30);
      expect(text.en.length).toBeGreaterThan(30);
    }
  });
});

const sevenDigits = fc.integer({ min: 0, max: 9_999_999 }).map((n) => String(n).padStart(7, '0'));
const familiarNational = fc
  .tuple(fc.integer({ min: 30, max: 99 }), sevenDigits)
  .map(([prefix, rest]) => `${prefix}${rest}`)
  .filter((national) => FAMILIAR_MOBILE.test(national));
const separator = fc.constantFrom('', '', ' ', '.', '-', '\u00A0', '\u200B', ' - ', '\u2013', '\u202F');
const wrapping = fc.constantFrom(
  ['', ''],
  ["'", ''],
  ['\u202A', '\u202C'],
  ['="', '"'],
  [' ', '\n'],
  ['ĐT: ', ''],
  ['', '.'],
);
const country = fc.constantFrom('0', '', '84', '+84', '0084', '+84 (0)', '+84 ', '+840', '840', '(+84) ');
const digitForm = fc.constantFrom(
  (text: string) => text,
  (text: string) => text.replace(/\d/g, (d) => String.fromCharCode(0xff10 + Number(d))),
  (text: string) => text.replace(/\d/g, (d) => String.fromCharCode(0x0660 + Number(d))),
);

describe('the phone rule, for any number', () => {
  it('reads every spelling of a number as the same number', () => {
    fc.assert(
      fc.property(
        familiarNational,
        country,
        separator,
        wrapping,
        digitForm,
        (national, lead, gap, [open, close], form) => {
          const grouped = [national.slice(0, 3), national.slice(3, 6), national.slice(6)].join(gap);
          const verdict = judgePhoneNumber(`${open}${form(lead + grouped)}${close}`);
          expect(verdict).toMatchObject({ kind: 'accepted', phone: `+84${national}` });
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('never throws, and judging what it accepted again gives the same number', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: fc.constantFrom(...'0123456789+84 .-/;,()Oo\u200B\u00A0E#x'), maxLength: 30 }),
    );
    fc.assert(
      fc.property(cell, (raw) => {
        const verdict = judgePhoneNumber(raw);
        if (verdict.kind === 'refused') return expect(PHONE_REFUSALS[verdict.code]).toBeDefined();
        expect(verdict.phone).toMatch(/^\+84[35789]\d{8}$/);
        expect(judgePhoneNumber(verdict.phone)).toMatchObject({ kind: 'accepted', phone: verdict.phone });
      }),
      { numRuns: 5000 },
    );
  });

  it('never takes the first of two numbers', () => {
    const between = fc.constantFrom(
      ';',
      '; ',
      '/',
      ' / ',
      ',',
      ', ',
      ' - ',
      '-',
      ' ',
      '\n',
      ' và ',
      ' hoặc ',
      '|',
      ' & ',
    );
    fc.assert(
      fc.property(familiarNational, familiarNational, between, (one, other, gap) => {
        expect(judgePhoneNumber(`0${one}${gap}0${other}`)).toEqual(refused('several-numbers'));
      }),
    );
  });

  it('agrees with libphonenumber: familiar ranges are its mobiles, and all its mobiles but 01… are accepted', () => {
    const typed = fc.tuple(fc.integer({ min: 0, max: 999 }), sevenDigits).map(([head, rest]) => `0${head}${rest}`);
    fc.assert(
      fc.property(
        fc.oneof(
          typed,
          familiarNational.map((n) => `0${n}`),
        ),
        (cell) => {
          const verdict = judgePhoneNumber(cell);
          const other = parsePhoneNumberFromString(cell, 'VN');
          const otherSaysMobile =
            other?.isValid() === true && other.getType() === 'MOBILE' && other.country === 'VN' && !/^0*1/.test(cell);
          const familiar = verdict.kind === 'accepted' && !verdict.warnings.some((w) => /unfamiliar|converted/.test(w));
          if (familiar) expect(other?.number).toBe(verdict.phone);
          if (familiar) expect(otherSaysMobile).toBe(true);
          if (otherSaysMobile) expect(verdict).toMatchObject({ kind: 'accepted', phone: other.number });
        },
      ),
      { numRuns: 5000 },
    );
  });
});

describe('a stored number as people see it', () => {
  it('is masked to the prefix and the last three digits', () => {
    expect(maskPhone('+84912345678')).toBe('091***678');
    expect(maskPhone('0912345678')).toBe('***');
    expect(maskPhone('')).toBe('***');
  });

  it('is shown in the groups people read aloud', () => {
    expect(displayPhone('+84912345678')).toBe('0912 345 678');
    expect(displayPhone('113')).toBe('113');
  });
});
