import fc from 'fast-check';
import { applyCorrection, newFacts, type SubscriberFacts } from './correction';

const KEPT: SubscriberFacts = {
  phone: '+84912345678',
  fullName: 'Lê Văn Bé',
  areaId: null,
  areaText: 'xã BaChúc',
  hamlet: 'Ấp 1',
  language: 'km',
};

const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 20 }));
const correction = fc.record(
  {
    phone: fc.constantFrom('+84912345678', '+84987654321'),
    fullName: text,
    areaId: fc.option(fc.nat()),
    hamlet: text,
    language: fc.constantFrom('km' as const, 'cja' as const, null),
  },
  { requiredKeys: [] },
);

describe('a correction', () => {
  it('leaves what it does not speak of, and empties what it says is not known', () => {
    expect(applyCorrection(KEPT, { hamlet: null })).toEqual({
      facts: { ...KEPT, hamlet: null },
      before: { hamlet: 'Ấp 1' },
      after: { hamlet: null },
    });
  });

  it('that says nothing of the language leaves it, and one of null makes it Vietnamese', () => {
    expect(applyCorrection(KEPT, { fullName: 'Bé' })?.facts.language).toBe('km');
    expect(applyCorrection(KEPT, { language: null })).toMatchObject({
      before: { language: 'km' },
      after: { language: null },
    });
    expect(applyCorrection(KEPT, { language: 'km' })).toBeUndefined();
  });

  it('with a known area drops what the file called it, and says so', () => {
    const change = applyCorrection(KEPT, { areaId: 7 });
    expect(change).toMatchObject({
      before: { areaId: null, areaText: 'xã BaChúc' },
      after: { areaId: 7, areaText: null },
    });
    expect(applyCorrection(KEPT, { areaId: null })).toBeUndefined();
  });

  it('made twice changes nothing the second time', () => {
    fc.assert(
      fc.property(correction, (said) => {
        const once = applyCorrection(KEPT, said)?.facts ?? KEPT;
        expect(applyCorrection(once, said)).toBeUndefined();
      }),
    );
  });

  it('keeps in the history just what differs: the record before is made again from what it is now', () => {
    fc.assert(
      fc.property(correction, (said) => {
        const change = applyCorrection(KEPT, said);
        if (!change) return;
        expect({ ...change.facts, ...change.before }).toEqual(KEPT);
        expect({ ...KEPT, ...change.after }).toEqual(change.facts);
        expect(Object.keys(change.before)).toEqual(Object.keys(change.after));
      }),
    );
  });
});

it('a new record without a name has none, and one of spaces neither', () => {
  expect(newFacts({ phone: '+84912345678' })).toMatchObject({
    fullName: null,
    areaId: null,
    hamlet: null,
    language: null,
  });
  expect(newFacts({ phone: '+84912345678', fullName: '  ' }).fullName).toBeNull();
});
