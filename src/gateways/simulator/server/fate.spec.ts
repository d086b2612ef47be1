import { DEFAULT_BEHAVIOUR, Behaviour } from './behaviour';
import { Fate, fateOf, requestTroubleOf, seededDraws, verdictOf } from './fate';

const AUDIENCE = Array.from({ length: 37_400 }, (_, index) => `+84${912_000_000 + index}`);
const behaviour = (told: Partial<Behaviour>): Behaviour => ({ ...DEFAULT_BEHAVIOUR, ...told });

function chosen(fate: Fate, told: Partial<Behaviour>, batchId = 1, audience = AUDIENCE): string[] {
  const draw = seededDraws(1);
  return audience.filter((number) => fateOf({ batchId, number }, behaviour(told), draw) === fate);
}

describe('The simulator refuses', () => {
  const told = { refuseShare: 0.005, seed: 2021 };

  it('the told share of numbers, even when they are consecutive', () => {
    expect(chosen('refuse', told).length / AUDIENCE.length).toBeCloseTo(0.005, 3);
    expect(chosen('refuse', { ...told, refuseShare: 0.3 }).length / AUDIENCE.length).toBeCloseTo(0.3, 2);
  });

  it('the same numbers again, in whatever order they come', () => {
    const again = chosen('refuse', told, 1, [...AUDIENCE].reverse()).reverse();
    expect(again).toEqual(chosen('refuse', told));
  });

  it('other numbers with another seed, and in another batch', () => {
    const first = chosen('refuse', told);
    expect(chosen('refuse', { ...told, seed: 2022 })).not.toEqual(first);
    expect(chosen('refuse', told, 2)).not.toEqual(first);
  });

  it('everybody or nobody, when told so', () => {
    expect(chosen('refuse', { refuseShare: 1 })).toEqual(AUDIENCE);
    expect(chosen('refuse', { refuseShare: 0 })).toEqual([]);
    expect(chosen('optedOut', { optedOutShare: 1 })).toEqual(AUDIENCE);
  });
});

describe('Trouble that passes', () => {
  it.each([
    ['throttle', 'throttleShare'],
    ['fail', 'failShare'],
  ] as const)('(%s) befalls the told share of texts', (fate, share) => {
    expect(chosen(fate, { [share]: 0.1 }).length / AUDIENCE.length).toBeCloseTo(0.1, 2);
    expect(chosen(fate, { [share]: 1 })).toEqual(AUDIENCE);
  });

  it.each([
    ['hang', 'hangShare'],
    ['drop', 'dropShare'],
    ['reset', 'resetShare'],
  ] as const)('(%s) befalls the told share of requests', (trouble, share) => {
    const draw = seededDraws(1);
    const befallen = (told: Partial<Behaviour>) =>
      AUDIENCE.filter(() => requestTroubleOf(behaviour(told), draw) === trouble).length / AUDIENCE.length;
    expect(befallen({ [share]: 0.1 })).toBeCloseTo(0.1, 2);
    expect(befallen({ [share]: 1 })).toBe(1);
    expect(befallen({})).toBe(0);
  });

  it('spares the same number sooner or later', () => {
    const draw = seededDraws(7);
    const told = behaviour({ throttleShare: 0.5, failShare: 0.5 });
    const fates = Array.from({ length: 100 }, () => fateOf({ batchId: 1, number: '+84912000000' }, told, draw));
    expect(fates).toContain('accept');
    expect(fates).toContain('throttle');
    expect(fates).toContain('fail');
  });
});

describe('A receipt', () => {
  it('says undelivered for the told share, and always for the same numbers', () => {
    const told = behaviour({ undeliveredShare: 0.1 });
    const undelivered = AUDIENCE.filter((number) => verdictOf({ batchId: 1, number }, told).status === 'undelivered');
    expect(undelivered.length / AUDIENCE.length).toBeCloseTo(0.1, 2);
    expect(verdictOf({ batchId: 1, number: undelivered[0]! }, told).code).toBe('handset-unreachable');
  });
});
