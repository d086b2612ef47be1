import fc from 'fast-check';
import { HealthReport, nextShare, Share } from './shares';

const START = Date.parse('2026-12-01T01:00:00Z');
const at = (second: number): Date => new Date(START + second * 1_000);

/** One instance, of which a test says each second how it finds the gateway. */
type Health = 'well' | 'broken' | 'trying' | 'idle' | 'gone';

class Scene {
  current: Share = { share: 100, changedAt: null };
  readonly moves: { readonly second: number; readonly from: number; readonly to: number; readonly reason: string }[] =
    [];
  second = 0;
  private reports: (HealthReport | undefined)[] = [];

  constructor(private readonly hasElsewhere = true) {}

  /** Lets seconds pass in which the instances find the gateway like this. */
  pass(seconds: number, ...instances: Health[]): void {
    for (let passed = 0; passed < seconds; passed += 1) {
      this.reports = instances.map((health, index) => this.reportOf(health, this.reports[index]));
      this.judge();
      this.second += 1;
    }
  }

  private reportOf(health: Health, before: HealthReport | undefined): HealthReport | undefined {
    if (health === 'gone') return undefined;
    const breaker = health === 'broken' ? 'open' : health === 'trying' ? 'half-open' : 'closed';
    const isSame = before && (before.breaker === 'closed') === (breaker === 'closed');
    const since = isSame ? before.since : at(this.second);
    return { breaker, isIdle: health === 'idle', reason: breaker === 'closed' ? '' : 'account:20003', since };
  }

  private judge(): void {
    const reports = this.reports.filter((report) => report !== undefined);
    const shift = nextShare(this.current, { reports, hasElsewhere: this.hasElsewhere }, at(this.second));
    if (!shift) return;
    this.moves.push({ second: this.second, from: this.current.share, to: shift.share, reason: shift.reason });
    this.current = { share: shift.share, changedAt: at(this.second) };
  }

  get story(): string[] {
    return this.moves.map(({ second, from, to, reason }) => `${second}: ${from} -> ${to} ${reason}`);
  }
}

describe('the share of a gateway', () => {
  it('goes down by 20 points every five seconds while all instances find it broken', () => {
    const scene = new Scene();
    scene.pass(10, 'well', 'well');
    scene.pass(40, 'broken', 'broken');
    expect(scene.story).toEqual([
      '15: 100 -> 80 account:20003',
      '20: 80 -> 60 account:20003',
      '25: 60 -> 40 account:20003',
      '30: 40 -> 20 account:20003',
      '35: 20 -> 0 account:20003',
    ]);
  });

  it('goes on down while one text in a while tries in vain', () => {
    const scene = new Scene();
    for (let trial = 0; trial < 10; trial += 1) {
      scene.pass(2, 'broken');
      scene.pass(2, 'trying');
    }
    expect(scene.current.share).toBe(0);
  });

  it('stays when one of several instances alone is cut off from the gateway', () => {
    const scene = new Scene();
    scene.pass(600, 'broken', 'well', 'broken');
    expect(scene.moves).toEqual([]);
  });

  it('is not held up by an instance that has sent nothing of late', () => {
    const scene = new Scene();
    scene.pass(30, 'broken', 'idle');
    expect(scene.current.share).toBe(0);
  });

  it('stays when there is nowhere else to go, or nobody who could tell', () => {
    const [alone, unheard] = [new Scene(false), new Scene()];
    alone.pass(600, 'broken');
    unheard.pass(600, 'gone', 'idle');
    expect([alone.moves, unheard.moves]).toEqual([[], []]);
  });

  it('comes back by 10 points every 30 s, once it was well everywhere for a minute', () => {
    const scene = new Scene();
    scene.pass(30, 'broken', 'broken');
    scene.pass(10, 'well', 'broken');
    scene.pass(59, 'well', 'idle');
    expect(scene.current.share).toBe(0);
    scene.pass(62, 'well', 'idle');
    expect(scene.story.slice(5)).toEqual([
      '100: 0 -> 10 recovered',
      '130: 10 -> 20 recovered',
      '160: 20 -> 30 recovered',
    ]);
    scene.pass(600, 'well', 'idle');
    expect(scene.current.share).toBe(100);
  });

  const weathers = fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: 200 }),
      fc.array(fc.constantFrom<Health>('well', 'broken', 'trying', 'idle', 'gone'), { minLength: 3, maxLength: 3 }),
    ),
    { maxLength: 40 },
  );

  it('moves in small steps, five seconds down and half a minute up apart, whatever is reported and whoever dies', () => {
    fc.assert(
      fc.property(weathers, (weather) => {
        const scene = new Scene();
        for (const [seconds, instances] of weather) scene.pass(seconds, ...instances);
        scene.moves.forEach(({ second, from, to }, index) => {
          const before = scene.moves[index - 1];
          expect(to).toBeGreaterThanOrEqual(Math.max(0, from - 20));
          expect(to).toBeLessThanOrEqual(Math.min(100, from + 10));
          if (!before) return;
          expect(from).toBe(before.to);
          expect(second - before.second).toBeGreaterThanOrEqual(to < from ? 5 : 30);
        });
      }),
    );
  });

  it('ends at all of it when the gateway works again, and at nothing when it does not, whatever was before', () => {
    fc.assert(
      fc.property(weathers, fc.boolean(), (weather, isRepaired) => {
        const scene = new Scene();
        for (const [seconds, instances] of weather) scene.pass(seconds, ...instances);
        scene.pass(400, isRepaired ? 'well' : 'broken', 'idle', 'gone');
        expect(scene.current.share).toBe(isRepaired ? 100 : 0);
      }),
      { numRuns: 30 },
    );
  });
});
