import * as fc from 'fast-check';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Acknowledgements } from './acknowledgements';
import { Ledger } from './ledger';
import { formatEntry, LedgerEntry, parseEntry } from './ledger-entry';
import { summariseLedger } from './ledger-summary';

const DIGEST = 'ab'.repeat(32);
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tinluat-ledger-'));
  path = join(folder, 'ledger.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

function accept(ledger: Ledger, reference: string, number = '+84912345678'): void {
  const serial = ledger.accepted + 1;
  const entry = { id: ledger.idOf(serial), serial, reference, number, digest: DIGEST, acceptedAtMs: 1, segments: 2 };
  ledger.append(formatEntry({ ...entry, owesReceipt: true }), 1);
}
function reopen(): { ledger: Ledger; entries: LedgerEntry[] } {
  const entries: LedgerEntry[] = [];
  return { ledger: Ledger.open(path, (entry) => entries.push(entry)), entries };
}

describe('The ledger', () => {
  it('gives back what was written, and counts on from there', () => {
    const first = reopen().ledger;
    accept(first, '1.1.1');
    accept(first, '1.2.1', '+84987654321');
    first.close();
    const { ledger, entries } = reopen();
    expect(entries.map(({ reference, number }) => [reference, number])).toEqual([
      ['1.1.1', '+84912345678'],
      ['1.2.1', '+84987654321'],
    ]);
    expect([ledger.id, ledger.accepted, ledger.idOf(3)]).toEqual([first.id, 2, `${first.id}-3`]);
    ledger.close();
  });

  it('can be read by its owner only', () => {
    reopen().ledger.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('drops a last line that a crash tore, wherever it was torn', () => {
    const first = reopen().ledger;
    accept(first, '1.1.1');
    first.close();
    const whole = readFileSync(path);
    const torn = whole.subarray(whole.indexOf(10) + 1, -1);
    for (let length = 1; length <= torn.length; length++) {
      writeFileSync(path, Buffer.concat([whole, torn.subarray(0, length)]));
      const { ledger, entries } = reopen();
      accept(ledger, '1.2.1');
      ledger.close();
      expect(entries).toHaveLength(1);
      expect(reopen().entries.map(({ reference }) => reference)).toEqual(['1.1.1', '1.2.1']);
    }
  });

  it('is refused when somebody else wrote to it', () => {
    reopen().ledger.close();
    appendFileSync(path, 'hello\n');
    expect(() => reopen()).toThrow(/line 2 .* is damaged/);
    writeFileSync(path, 'something else\n');
    expect(() => reopen()).toThrow(/line 1 .* is damaged/);
  });

  it('has an entry for every line, and for nothing else', () => {
    const entry = fc.record({
      serial: fc.integer({ min: 1, max: 1e12 }),
      reference: fc
        .tuple(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1e6 }))
        .map((p) => `${p.join('.')}.1`),
      number: fc.integer({ min: 1e6, max: 1e14 }).map((digits) => `+${digits}`),
      acceptedAtMs: fc.integer({ min: 0, max: 4e12 }),
      owesReceipt: fc.boolean(),
      segments: fc.integer({ min: 1, max: 30 }),
    });
    fc.assert(
      fc.property(entry, (fields) => {
        const whole = { ...fields, id: `0123abcd-${fields.serial}`, digest: DIGEST };
        expect(parseEntry(formatEntry(whole).slice(0, -1))).toEqual(whole);
      }),
    );
    fc.assert(fc.property(fc.string(), (line) => parseEntry(line) === undefined));
  });

  it('reads what was written before segments were listed', () => {
    const line = `0123abcd-1\t1.1.1\t+84912345678\t${DIGEST}\t5\t1`;
    expect(parseEntry(line)).toMatchObject({ reference: '1.1.1', acceptedAtMs: 5, owesReceipt: true });
    expect(parseEntry(line)).not.toHaveProperty('segments');
  });

  it('tells how many people each batch reached, and who was texted twice', async () => {
    const { ledger } = reopen();
    accept(ledger, '1.1.1');
    accept(ledger, '1.2.1', '+84987654321');
    accept(ledger, '1.1.2');
    accept(ledger, '2.1.1');
    appendFileSync(path, `${ledger.id}-5\t2.2.1\t+849`);
    ledger.close();
    expect(await summariseLedger(path)).toEqual({
      accepted: 4,
      batches: [
        { batchId: 1, accepted: 3, numbers: 2, repeated: 1, repeatedReferences: ['1.1.2'] },
        { batchId: 2, accepted: 1, numbers: 1, repeated: 0, repeatedReferences: [] },
      ],
    });
  });
});

describe('Acknowledged receipts', () => {
  const open = (ledgerId: string) => Acknowledgements.open(join(folder, 'acknowledged.log'), ledgerId);

  it('are known after a restart', () => {
    const { acknowledgements } = open('0123abcd');
    acknowledgements.append([1, 2, 70_000]);
    acknowledgements.append([]);
    acknowledgements.append([9]);
    acknowledgements.close();
    const { acknowledgements: again, known } = open('0123abcd');
    again.close();
    const serials = [0, 1, 2, 3, 8, 9, 10, 69_999, 70_000, 70_001, 10_000_000];
    expect(serials.filter((serial) => known.has(serial))).toEqual([1, 2, 9, 70_000]);
  });

  it('of another ledger mean nothing', () => {
    const { acknowledgements } = open('0123abcd');
    acknowledgements.append([1]);
    acknowledgements.close();
    for (const _start of [1, 2]) {
      const { acknowledgements: again, known } = open('ffff0000');
      again.close();
      expect(known.has(1)).toBe(false);
    }
  });
});
