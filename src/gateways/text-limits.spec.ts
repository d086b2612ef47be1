import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { SIMULATOR_LIMITS } from './simulator/simulator-limits';
import { TWILIO_LIMITS } from './twilio/twilio-limits';
import { senderFaults, type TextLimits, textFaults } from './text-limits';

const LIMITS: TextLimits = {
  maxSegments: 3,
  maxCharactersAscii: 459,
  maxCharactersUnicode: 201,
  forbiddenCharacters: '&#\\]^-',
  supportsUnicode: true,
  senderId: { maxLength: 11, specialCharacters: '-_. ' },
};
const one = { segments: 1 };

describe('what a gateway takes', () => {
  it('counts a text without accents against one length and any other against another', () => {
    expect(textFaults(LIMITS, 'a'.repeat(459), { segments: 3 })).toEqual([]);
    expect(textFaults(LIMITS, 'a'.repeat(460), { segments: 3 })).toEqual(['too-long']);
    expect(textFaults(LIMITS, 'ữ'.repeat(201), { segments: 3 })).toEqual([]);
    expect(textFaults(LIMITS, 'ữ'.repeat(202), { segments: 4 })).toEqual(['too-many-segments', 'too-long']);
  });

  it('takes "à" for an accent, though GSM 03.38 has it', () => {
    expect(textFaults({ ...LIMITS, supportsUnicode: false }, 'nhà', one)).toEqual(['unicode-not-supported']);
    expect(textFaults({ ...LIMITS, supportsUnicode: false }, 'nha', one)).toEqual([]);
  });

  it('refuses each forbidden character, whatever it means in a pattern, and no other', () => {
    for (const character of LIMITS.forbiddenCharacters) {
      expect(textFaults(LIMITS, `Luật ${character} nghị định`, one)).toEqual(['forbidden-character']);
    }
    expect(textFaults(LIMITS, 'Điều 12 (khoản 1), 117/2020: 50%!', one)).toEqual([]);
    expect(textFaults({ ...LIMITS, forbiddenCharacters: '' }, '&#\\]^-', one)).toEqual([]);
  });

  it('finds a forbidden character wherever it stands', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'ữ', ' ', '&', '#', '\\', '1'), maxLength: 100 });
    fc.assert(
      fc.property(text, (given) => {
        const has = [...LIMITS.forbiddenCharacters].some((character) => given.includes(character));
        expect(textFaults(LIMITS, given, one).includes('forbidden-character')).toBe(has);
      }),
    );
  });
});

describe('a sender ID', () => {
  it.each([
    ['STP ANGIANG', []],
    ['STP.AG-1_2', []],
    ['', ['empty']],
    ['SOTUPHAPANGIANG', ['too-long']],
    ['SỞ TƯ PHÁP', ['forbidden-character']],
    ['STP&AG', ['forbidden-character']],
    ['0912345678', ['no-letter']],
    ['--', ['no-letter']],
  ])('"%s": %j', (sender, faults) => {
    expect(senderFaults(LIMITS, sender)).toEqual(faults);
  });
});

describe('the shipped notices', () => {
  const folder = join(__dirname, '..', '..', 'templates');
  const bodies = readdirSync(folder)
    .filter((file) => file.endsWith('.hbs'))
    .map((file) => [file, readFileSync(join(folder, file), 'utf8').split('---\n')[2]!] as const);

  it.each(bodies)('%s passes every gateway, with and without accents, four and two segments long', (_file, body) => {
    const text = body.trim().replaceAll(/\{\{.*?\}\}/g, 'Trường Tiểu học A');
    const unaccented = text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D');
    for (const limits of [SIMULATOR_LIMITS, TWILIO_LIMITS]) {
      expect(textFaults(limits, text, { segments: 4 })).toEqual([]);
      expect(textFaults(limits, unaccented, { segments: 2 })).toEqual([]);
    }
  });
});
