import fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import { gsm7Units } from './gsm7';
import { countSegments } from './segments';

const VIETNAMESE =
  'aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ ,.:0123456789';
const GSM7_EXTENSION = '^{}\\[~]|€\f';

const vietnamese = fc.string({ unit: fc.constantFrom(...VIETNAMESE, ...VIETNAMESE.toUpperCase()), maxLength: 420 });
const gsm7 = fc.string({ unit: fc.constantFrom(...'abcXYZ 0189@àé', ...GSM7_EXTENSION), maxLength: 700 });
const anyCharacter = fc.string({ unit: fc.constantFrom(...'aơ ', '€', '[', '😀', '𝒳', 'ក', '₫'), maxLength: 300 });

/** Twilio's own counter: right, but several hundred times too slow to count every recipient. */
function reference(text: string): { encoding: string; segments: number } {
  const { encodingName, segments } = new SegmentedMessage(text);
  return { encoding: encodingName, segments: segments.length };
}

function ours(text: string): { encoding: string; segments: number } {
  const { encoding, segments } = countSegments(text);
  return { encoding, segments };
}

describe('counting segments', () => {
  it.each([
    [160, 1],
    [161, 2],
    [306, 2],
    [307, 3],
    [459, 3],
    [460, 4],
    [612, 4],
    [613, 5],
  ])('bills %i unaccented characters as %i segment(s)', (length, segments) => {
    expect(countSegments('a'.repeat(length))).toEqual({ encoding: 'GSM-7', units: length, segments });
    expect(reference('a'.repeat(length)).segments).toBe(segments);
  });

  it.each([
    [70, 1],
    [71, 2],
    [134, 2],
    [135, 3],
    [201, 3],
    [202, 4],
    [268, 4],
    [269, 5],
    [335, 5],
    [336, 6],
  ])('bills %i accented characters as %i segment(s)', (length, segments) => {
    expect(countSegments('ữ'.repeat(length))).toEqual({ encoding: 'UCS-2', units: length, segments });
    expect(reference('ữ'.repeat(length)).segments).toBe(segments);
  });

  it('needs only one accented letter to bill the whole text by the shorter limits', () => {
    expect(countSegments(`${'a'.repeat(159)}ơ`)).toEqual({ encoding: 'UCS-2', units: 160, segments: 3 });
    expect(countSegments(`${'a'.repeat(159)}à`)).toEqual({ encoding: 'GSM-7', units: 160, segments: 1 });
  });

  it('has nothing to bill for an empty text', () => {
    expect(countSegments('')).toEqual({ encoding: 'GSM-7', units: 0, segments: 0 });
  });

  it.each([...GSM7_EXTENSION])('counts the extension character %j as two units', (character) => {
    expect(countSegments(character.repeat(80))).toEqual({ encoding: 'GSM-7', units: 160, segments: 1 });
  });

  it('never parts an extension character from its escape at the end of a segment', () => {
    expect(countSegments(`${'a'.repeat(152)}€${'a'.repeat(151)}`)).toEqual({
      encoding: 'GSM-7',
      units: 305,
      segments: 2,
    });
    expect(countSegments(`${'a'.repeat(152)}€${'a'.repeat(152)}`)).toEqual({
      encoding: 'GSM-7',
      units: 306,
      segments: 3,
    });
  });

  it('never parts the two halves of an emoji at the end of a segment', () => {
    expect(countSegments(`${'ơ'.repeat(66)}😀${'ơ'.repeat(65)}`)).toEqual({
      encoding: 'UCS-2',
      units: 133,
      segments: 2,
    });
    expect(countSegments(`${'ơ'.repeat(66)}😀${'ơ'.repeat(66)}`)).toEqual({
      encoding: 'UCS-2',
      units: 134,
      segments: 3,
    });
  });

  it.each(['“', '–', '…', '\u00a0', '₫', '`', '\t', 'ç', 'á', 'đ'])('knows that %j is not in GSM-7', (character) => {
    expect(countSegments(character).encoding).toBe('UCS-2');
  });

  it('agrees with the reference on every single character of the basic plane', () => {
    const differing: string[] = [];
    for (let code = 0; code < 0xd800; code++) {
      const character = String.fromCharCode(code);
      if (ours(character).encoding !== reference(character).encoding) differing.push(code.toString(16));
    }
    expect(differing).toEqual([]);
  });

  it.each([
    ['Vietnamese', vietnamese],
    ['GSM-7 with extension characters', gsm7],
    ['mixed scripts and emoji', anyCharacter],
  ])('agrees with the reference on any text: %s', (_name, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        if (text !== '') expect(ours(text)).toEqual(reference(text));
      }),
      { numRuns: 1_500 },
    );
  });

  it('agrees with the reference where a character of two units meets the border of a segment', () => {
    const nearBorder = fc
      .record({
        filler: fc.constantFrom('a', 'ơ'),
        parts: fc.integer({ min: 1, max: 5 }),
        offset: fc.integer({ min: -3, max: 3 }),
        wide: fc.array(fc.constantFrom('€', '[', '^', '\f', '😀', '𝒳'), { minLength: 1, maxLength: 4 }),
        tail: fc.integer({ min: 0, max: 160 }),
      })
      .map(({ filler, parts, offset, wide, tail }) => {
        const isUcs2 = filler === 'ơ' || wide.some((character) => character.codePointAt(0)! > 0xffff);
        const border = parts * (isUcs2 ? 67 : 153);
        return filler.repeat(border + offset) + wide.join('') + filler.repeat(tail);
      });
    fc.assert(
      fc.property(nearBorder, (text) => expect(ours(text)).toEqual(reference(text))),
      { numRuns: 2_000 },
    );
  });

  it('never bills a longer text less, and adds up the units of two texts in one alphabet', () => {
    fc.assert(
      fc.property(anyCharacter, anyCharacter, (first, second) => {
        const [one, two, both] = [countSegments(first), countSegments(second), countSegments(first + second)];
        expect(both.segments).toBeGreaterThanOrEqual(Math.max(one.segments, two.segments));
        const sameAlphabet = one.encoding === two.encoding;
        if (sameAlphabet) expect(both.units).toBe(one.units + two.units);
      }),
    );
  });

  it('fits every text into the segments it bills, and not into a segment less', () => {
    fc.assert(
      fc.property(fc.oneof(vietnamese, gsm7, anyCharacter), (text) => {
        const { encoding, units, segments } = countSegments(text);
        const [single, part] = encoding === 'GSM-7' ? [160, 153] : [70, 67];
        const room = segments <= 1 ? segments * single : segments * part;
        expect(units).toBeLessThanOrEqual(room);
        // Each part but the last may stay one unit short.
        if (segments > 1) expect(units).toBeGreaterThan(Math.max(single, (segments - 1) * (part - 1)));
      }),
    );
  });

  it('lists the 128 places of the basic alphabet but the escape, and ten extension characters', () => {
    const units = Array.from({ length: 0x10000 }, (_, code) => gsm7Units(code));
    expect(units.filter((width) => width === 1)).toHaveLength(127);
    expect(units.filter((width) => width === 2)).toHaveLength(10);
  });
});
