import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLedger } from './ledger-witness';
import { audienceOf, messagesExpected, NOTICES } from './notices';
import type { StatisticsFigures } from './service-views';
import { faultsOf, makeSummary } from './summary';

const total: StatisticsFigures = {
  subscribers: 37_400,
  messages: 140_200,
  segments: 243_000,
  accepted: 139_500,
  delivered: 139_400,
  undelivered: 100,
  failed: 690,
  unknown: 10,
};
const campaigns = NOTICES.map((notice, at) => ({
  ...total,
  messages: audienceOf(notice, 1),
  campaign: { id: at + 1, name: notice.name },
}));
const ledger = { accepted: 139_505, repeated: 0, tests: 4 };
const tests = { accepted: 4, unknown: 0 };
const faults = (changes: Partial<StatisticsFigures>, ledgerChanges = {}, testChanges = {}): string[] =>
  faultsOf(
    { total: { ...total, ...changes }, topics: [], campaigns },
    { ...tests, ...testChanges },
    { ...ledger, ...ledgerChanges },
    1,
  );

describe('whether the figures of the demo add up', () => {
  it('finds no fault with 140,200 texts to 37,400 subscribers, each accepted, failed or unknown', () => {
    expect(messagesExpected(1)).toBe(140_200);
    expect(faults({})).toEqual([]);
  });

  it.each([
    ['a subscriber too few', { subscribers: 37_399 }, {}, /37399/],
    ['texts that are neither accepted nor failed nor unknown', { accepted: 139_499 }, {}, /accepted \+ failed/],
    ['receipts that did not come', { delivered: 139_399 }, {}, /receipts/],
    ['a number texted twice', {}, { repeated: 1 }, /texted twice/],
    ['a text accepted that the carrier never saw', {}, { accepted: 139_499 }, /ledger/],
    ['more texts at the carrier than accepted and unknown together', {}, { accepted: 139_511 }, /ledger/],
  ])('finds %s', (_, changes, ledgerChanges, sentence) => {
    expect(faults(changes, ledgerChanges).join('\n')).toMatch(sentence);
  });

  it.each([
    ['a test text at the carrier that the service knows nothing of', { tests: 5 }, {}, /test texts on the ledger/],
    ['a test text that the carrier never saw', { tests: 3 }, {}, /test texts on the ledger/],
    ['a notice that was not tried on staff', { tests: 3 }, { accepted: 3 }, /tried on staff/],
  ])('finds %s', (_, ledgerChanges, testChanges, sentence) => {
    expect(faults({}, ledgerChanges, testChanges).join('\n')).toMatch(sentence);
  });

  it('knows that a test text in doubt may be at the carrier or not', () => {
    expect(faults({}, { tests: 4 }, { unknown: 1 })).toEqual([]);
    expect(faults({}, { tests: 5 }, { unknown: 1 })).toEqual([]);
  });

  it('finds a campaign that reached others than it should', () => {
    const view = { total, topics: [], campaigns: campaigns.slice(1) };
    expect(faultsOf(view, tests, ledger, 1).join('\n')).toContain(NOTICES[0]!.name);
  });

  it('is told to programs in these fields, in this order', () => {
    const line = JSON.stringify(makeSummary({ total, topics: [], campaigns }, { total: 61.5, sending: 40 }, 235));
    expect(line).toBe(
      '{"subscribers":37400,"messages":140200,"segments":243000,"accepted":139500,"delivered":139400,"failed":690,' +
        '"unknown":10,"seconds":{"total":61.5,"sending":40},"peak_rss_mb":235}',
    );
  });
});

describe("the carrier's ledger", () => {
  const line = (batch: number, seq: number, number: string): string =>
    `0a0b0c0d-${seq}\t${batch}.${seq}.1\t${number}\t${'f'.repeat(64)}\t1621700000000\t1\n`;

  it('counts acceptances, a number again within one campaign only, and test texts by themselves', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tinluat-demo-ledger-'));
    const path = join(folder, 'ledger.log');
    const lines = [
      'tinluat-simulator-ledger\t1\t0a0b0c0d\n',
      line(1, 1, '+84912345678'),
      line(2, 1, '+84912345678'),
      line(1, 2, '+84912345679'),
      line(1, 3, '+84912345678'),
      line(3, 1, '+84899000111'),
      '0a0b0c0d-5\t1.4.1\t+8491', // torn: never answered
    ];
    await writeFile(path, lines.join(''));
    expect(await readLedger(path, '+84899000111')).toEqual({ accepted: 4, repeated: 1, tests: 1 });
    await rm(folder, { recursive: true });
  });
});
