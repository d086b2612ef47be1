import type { Route } from './plan';
import { type BoundPlan, contentHashOf } from './submission';

const PLAN: BoundPlan = {
  ...{ templateVersionId: 7, kind: 'notice', originId: null, gateway: 'twilio', sender: 'STP ANGIANG', accented: true },
  ...{ alternatives: [], startsAt: new Date('2026-11-24T01:00:00Z'), deadline: null, vndPerSegment: 850 },
  schedule: {
    window: { from: '07:00', to: '21:00', days: [1, 2, 3, 4, 5, 6, 7], onHolidays: false },
    spreadMinutes: null,
    misfire: 'ask',
    firstWave: { percent: 1 },
    halt: { failures: 100, percent: 20 },
  },
  overrides: { urgent: 'Bão số 5' },
};
const hashWith = (...alternatives: Route[]): string =>
  contentHashOf({ ...PLAN, alternatives }, { digest: Buffer.alloc(32, 5), size: 4, segments: 9 }, 'ab'.repeat(32));

describe('the hash that is approved', () => {
  it('of a campaign with one gateway is what it was before there could be others, so that old approvals hold', () => {
    expect(hashWith()).toBe('825589d9ae48979f8cad6d3040b1b64b6244f97d0b9b71ec8f496b82cfd5bf38');
  });

  it('is another one with each change of where else texts may go: a gateway, a sender ID, their order', () => {
    const [simulator, brandname] = [
      { gateway: 'simulator', sender: 'STP AG' },
      { gateway: 'brandname', sender: 'STP AG' },
    ];
    const hashes = [
      hashWith(),
      hashWith(simulator),
      hashWith({ ...simulator, sender: 'STP ANGIANG' }),
      hashWith(brandname),
      hashWith(simulator, brandname),
      hashWith(brandname, simulator),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('does not mind in which order the database gives back the keys of an object', () => {
    expect(hashWith({ sender: 'A', gateway: 'b' })).toBe(hashWith({ gateway: 'b', sender: 'A' }));
  });
});
