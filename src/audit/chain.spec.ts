import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { maskDetails } from './audit';
import { canonicalJson, ChainedEntry, GENESIS, linkHash } from './chain';
import { ChainRow, followChain } from './verify';

const entryOf = (id: number): ChainedEntry => ({
  id,
  at: '2021-05-20T01:00:00.000000Z',
  actor: 'user:3',
  act: 'campaign.approve',
  subject: `campaign:${id}`,
  details: { messages: 37_400, lists: [1, 2] },
  requestId: null,
});

/** An intact chain over these entries, in this order. */
function chainOf(...ids: number[]): ChainRow[] {
  let hash = GENESIS;
  return ids.map((id, index) => {
    hash = linkHash(hash, entryOf(id));
    return { position: index + 1, hash, waiting: false, ...entryOf(id) };
  });
}

describe('the canonical text of an entry', () => {
  it('is the same whatever the order of the keys', () => {
    expect(canonicalJson({ b: 1, a: { d: [1, 'x'], c: null } })).toBe('{"a":{"c":null,"d":[1,"x"]},"b":1}');
    expect(canonicalJson({ a: { c: null, d: [1, 'x'] }, b: 1 })).toBe('{"a":{"c":null,"d":[1,"x"]},"b":1}');
  });

  it('loses nothing: read as JSON it is the value again', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('is hashed together with the hash before it', () => {
    const text =
      '{"act":"campaign.approve","actor":"user:3","at":"2021-05-20T01:00:00.000000Z",' +
      '"details":{"lists":[1,2],"messages":37400},"id":7,"requestId":null,"subject":"campaign:7"}';
    const expected = createHash('sha256').update(Buffer.alloc(32)).update(text).digest('hex');
    expect(linkHash(GENESIS, entryOf(7)).toString('hex')).toBe(expected);
  });
});

describe('following the chain', () => {
  it('finds an intact chain intact, also when entries were committed out of id order', async () => {
    const rows = chainOf(1, 3, 2);
    const head = rows.at(-1)!.hash!.toString('hex');
    expect(await followChain(rows)).toEqual({ intact: true, linked: 3, waiting: 0, head });
    expect(await followChain([])).toEqual({ intact: true, linked: 0, waiting: 0, head: '0'.repeat(64) });
  });

  it('counts entries that wait for the chainer and does not take them for inserted ones', async () => {
    const rows = [...chainOf(1), { position: null, hash: null, waiting: true, ...entryOf(2) }];
    expect(await followChain(rows)).toMatchObject({ intact: true, linked: 1, waiting: 1 });
  });

  it.each(['actor', 'act', 'subject', 'at', 'requestId', 'details'])(
    'finds a changed %s at its position',
    async (key) => {
      const rows = chainOf(1, 2, 3);
      rows[1] = { ...rows[1]!, [key]: key === 'details' ? { messages: 37_401, lists: [1, 2] } : 'x' } as ChainRow;
      expect(await followChain(rows)).toEqual({ intact: false, fault: 'entry-changed', position: 2, entryId: 2 });
    },
  );

  it('finds a removed link, and one whose place was closed by moving up the others', async () => {
    const [first, , third] = chainOf(1, 2, 3);
    expect(await followChain([first!, third!])).toMatchObject({ intact: false, fault: 'link-removed', position: 2 });
    const movedUp = [first!, { ...third!, position: 2 }];
    expect(await followChain(movedUp)).toMatchObject({ intact: false, fault: 'entry-changed', position: 2 });
  });

  it('finds a link whose entry is gone, and an entry that no link knows', async () => {
    const [first, second] = chainOf(1, 2);
    const gone = { ...second!, id: null };
    expect(await followChain([first!, gone])).toMatchObject({ fault: 'entry-removed', position: 2 });
    const stranger = { position: null, hash: null, waiting: false, ...entryOf(9) };
    expect(await followChain([first!, stranger])).toEqual({
      intact: false,
      fault: 'entry-inserted',
      position: null,
      entryId: 9,
    });
  });

  it('finds a shortened or recomputed chain by the link noted down earlier', async () => {
    const known = { position: 2, hash: chainOf(1, 2)[1]!.hash!.toString('hex') };
    expect(await followChain(chainOf(1, 2, 3), known)).toMatchObject({ intact: true });
    expect(await followChain(chainOf(1), known)).toMatchObject({ fault: 'end-removed', position: 2 });
    expect(await followChain(chainOf(1, 5, 3), known)).toMatchObject({ fault: 'rewritten', position: 2 });
  });
});

describe('the details of an entry', () => {
  it('never carry a phone number, whoever forgot about it', () => {
    expect(maskDetails({ reason: 'gọi 0912345678', numbers: ['0912345678'], count: 912_345_678, none: null })).toEqual({
      reason: 'gọi 0***678',
      numbers: ['0***678'],
      count: 912_345_678,
      none: null,
    });
  });
});
