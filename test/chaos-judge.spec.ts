import { type Facts, faultsOfSample, judge, type Text } from '../chaos/judge';
import type { Taken } from '../chaos/witness';

const PHONE = '+84903000007';
const text = (change: Partial<Text> = {}): Text => ({
  batchId: 5,
  seq: 7,
  phone: PHONE,
  kind: 'accepted',
  ends: 1,
  ...change,
});
const taken = (change: Partial<Taken> = {}): Taken => ({
  batchId: 5,
  seq: 7,
  attempt: 1,
  phone: PHONE,
  atMs: 0,
  ...change,
});

/** One campaign of one text, which left. */
const good: Facts = {
  taken: [taken()],
  texts: [text()],
  campaigns: [{ id: 1, state: 'completed', pauseReason: null, batchId: 5, hasStarted: true }],
  testBatches: new Set(),
  afterOptOut: [],
  afterStop: [],
  withoutIntent: [],
  lostSight: 0,
  unheard: 0,
  forgedReceipts: 0,
};
const bounds = { lostSight: 220, unheard: 3 };
const kindsOf = (change: Partial<Facts>): string[] =>
  judge({ ...good, ...change }, bounds).faults.map(({ kind }) => kind);

describe('the judge of the fault suite', () => {
  it('finds nothing where every text left once and is on record so', () => {
    expect(judge(good, bounds)).toEqual({ lost: 0, doubled: 0, unknown: 0, faults: [] });
  });

  it('finds who was texted twice, by whatever attempt', () => {
    const verdict = judge({ ...good, taken: [taken(), taken({ attempt: 2 })] }, bounds);
    expect(verdict).toMatchObject({ doubled: 1, faults: [{ kind: 'doubled', detail: '5.7.2' }] });
  });

  it('does not take one person in two batches, or two in one, for doubled', () => {
    const other = { ...taken({ seq: 8, phone: '+84903000008' }) };
    const again = { ...taken({ batchId: 6 }) };
    const texts = [text(), text({ seq: 8, phone: other.phone }), text({ batchId: 6 })];
    expect(judge({ ...good, texts, taken: [taken(), other, again], testBatches: new Set([6]) }, bounds).doubled).toBe(
      0,
    );
  });

  it.each([null, 'deferred'])('finds who was forgotten: last heard of as %s', (kind) => {
    expect(judge({ ...good, texts: [text({ kind, ends: 0 })], taken: [] }, bounds).lost).toBe(1);
  });

  it('counts as lost what is accepted on record and was never taken', () => {
    expect(judge({ ...good, taken: [] }, bounds)).toMatchObject({ lost: 1, faults: [{ kind: 'lost' }] });
  });

  it.each(['failed', 'suppressed', 'cancelled', 'expired'])(
    'contradicts a record that says %s of a text that left',
    (kind) => {
      expect(kindsOf({ texts: [text({ kind })] })).toEqual(['contradicted']);
    },
  );

  it('lets a text that left be unknown, within the bound of what was killed', () => {
    const texts = [text({ kind: 'unknown', ends: 0 })];
    expect(kindsOf({ texts, lostSight: 220, unheard: 3 })).toEqual([]);
    expect(kindsOf({ texts, lostSight: 221 })).toEqual(['unknown beyond the bound']);
    expect(kindsOf({ texts, unheard: 4 })).toEqual(['unknown beyond the bound']);
  });

  it.each<[string, Partial<Facts>]>([
    ['texted after an opt-out', { afterOptOut: ['5.7.1'] }],
    ['texted after a stop', { afterStop: ['5.7.1'] }],
    ['sent without an intent', { withoutIntent: ['5.7.1'] }],
    ['contradicted', { texts: [text({ ends: 2 })] }],
    ['not approved', { taken: [taken({ phone: '+84903000009' })] }],
    ['not approved', { campaigns: [{ ...good.campaigns[0]!, hasStarted: false }] }],
    ['not ended', { campaigns: [{ ...good.campaigns[0]!, state: 'sending' }] }],
    ['forged', { forgedReceipts: 1 }],
  ])('finds what is %s', (kind, change) => {
    expect(kindsOf(change)).toEqual([kind]);
  });
});

describe('a look at the figures while everything goes on', () => {
  const figures = {
    ...{ messages: 10, segments: 20, queued: 2, sending: 1, accepted: 3, failed: 1, unknown: 1, suppressed: 1 },
    ...{ cancelled: 1, expired: 0, delivered: 2, undelivered: 1 },
  };
  const look = (change: Partial<typeof figures>, onLedger = 3, sizes = new Map<number, number>()): string[] =>
    faultsOfSample([{ id: 1, state: 'sending', figures: { ...figures, ...change } }], onLedger, sizes);

  it('finds nothing where they add up', () => {
    expect(look({})).toEqual([]);
  });

  it.each<[string, Partial<typeof figures>, number]>([
    ['do not add up', { queued: 3 }, 3],
    ['below zero', { queued: 4, sending: -1 }, 3],
    ['more receipts than acceptances', { delivered: 3 }, 3],
    ['accepted in our books', {}, 2],
  ])('finds figures that are wrong: %s', (words, change, onLedger) => {
    expect(look(change, onLedger)).toEqual([expect.stringContaining(words)]);
  });

  it('finds a campaign that changed its size under way', () => {
    const sizes = new Map<number, number>();
    expect(look({}, 3, sizes)).toEqual([]);
    expect(look({ messages: 11, queued: 3 }, 3, sizes)).toEqual([expect.stringContaining('changed its size')]);
  });
});
