import * as fc from 'fast-check';
import type { Model } from './model';
import type { Scene } from './scene';

/** What a draft is made of, before it is known which lists there are and what time it is. */
export interface Plan {
  /** Of the run's three lists, 1 chosen, 2 excluded; a second list is chosen too where there are two 1s. */
  readonly lists: readonly (0 | 1 | 2)[];
  readonly areas: readonly boolean[];
  readonly startsInMs: number;
  readonly deadlineInMs: number | null;
  readonly firstWave: { recipients: number } | { percent: number } | null;
  readonly isSpread: boolean;
  readonly hours: 'urgent' | 'open' | 'closed';
  readonly halt: { failures: number; percent: number } | null;
  readonly keepsToCap: boolean;
  readonly accented: boolean;
  readonly day: string;
}

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;
const weighted = <T>(...weights: readonly [weight: number, value: T][]): fc.Arbitrary<T> =>
  fc.oneof(...weights.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));

export const plans: fc.Arbitrary<Plan> = fc.record({
  lists: fc.tuple(...[0, 1, 2].map(() => weighted<0 | 1 | 2>([3, 1], [2, 0], [1, 2]))),
  areas: weighted([3, [false, false, false]], [1, [true, true, false]], [1, [false, false, true]]),
  startsInMs: weighted([6, -1_000], [2, 1_500], [1, YEAR_MS]),
  deadlineInMs: weighted<number | null>([6, null], [1, 2_500], [1, 8_000]),
  firstWave: weighted<Plan['firstWave']>([5, null], [1, { recipients: 6 }], [1, { percent: 25 }]),
  isSpread: weighted([9, false], [1, true]),
  hours: weighted<Plan['hours']>([6, 'urgent'], [3, 'open'], [1, 'closed']),
  halt: weighted<Plan['halt']>([4, null], [1, { failures: 3, percent: 5 }]),
  keepsToCap: weighted([4, false], [1, true]),
  accented: weighted([3, true], [1, false]),
  day: weighted([3, '1/6/2027'], [1, '2/6/2027']),
});

export const PLAIN: Plan = {
  ...{ lists: [1, 1, 0], areas: [false, false, false], startsInMs: -1_000, deadlineInMs: null, firstWave: null },
  ...{ isSpread: false, hours: 'urgent', halt: null, keepsToCap: false, accented: true, day: '1/6/2027' },
};

const LOCAL_OFFSET_MS = 7 * 60 * 60 * 1000;
const ALL_DAYS = [1, 2, 3, 4, 5, 6, 7];

/** Hours in which everything may leave, and hours that are not today, whatever the time is in Vietnam. */
function windowOf(hours: Plan['hours']): object {
  if (hours !== 'closed') return { from: '00:00', to: '23:59', days: ALL_DAYS, onHolidays: true };
  const weekday = new Date(Date.now() + LOCAL_OFFSET_MS).getUTCDay();
  return { from: '08:00', to: '17:00', days: [((weekday + 2) % 7) + 1], onHolidays: true };
}

/** The last minute of the day is in no window of one day. */
const isLastMinute = (): boolean =>
  new Date(Date.now() + LOCAL_OFFSET_MS + 60_000).toISOString().slice(11, 13) === '00';

/** @returns what an edit of any campaign may say */
export function changesOf(scene: Scene, plan: Plan): Record<string, unknown> {
  const { startsInMs, deadlineInMs, firstWave, isSpread, halt, accented, day } = plan;
  const startsAt = Date.now() + startsInMs;
  const hours = plan.hours === 'open' && isLastMinute() ? 'urgent' : plan.hours;
  return {
    values: { ngay: day },
    accented,
    startsAt: new Date(startsAt).toISOString(),
    deadline: deadlineInMs === null ? null : new Date(Math.max(startsAt, Date.now()) + deadlineInMs).toISOString(),
    schedule: { window: windowOf(hours), spreadMinutes: isSpread ? 1 : null, misfire: 'ask', firstWave, halt },
    overrides: {
      ...(hours === 'urgent' && { urgent: 'Kiểm thử vào giờ bất kỳ' }),
      ...(!plan.keepsToCap && { fatigueCap: 'Kiểm thử nhiều chiến dịch trong một ngày' }),
    },
    documentId: scene.documentId,
  };
}

/** @returns whom a notice is for */
export function audienceOf(scene: Scene, model: Model, { lists, areas }: Plan): Record<string, unknown> {
  const marked = (mark: number): number[] => model.listIds.filter((_, index) => lists[index] === mark);
  const chosen = marked(1);
  const exceptListIds = marked(2);
  const first = model.listIds.find((id) => !exceptListIds.includes(id)) ?? model.listIds[0]!;
  return {
    listIds: chosen.length > 0 ? chosen : [first],
    exceptListIds: exceptListIds.filter((id) => chosen.length > 0 || id !== first),
    areaIds: scene.areaIds.filter((_, index) => areas[index]),
  };
}
