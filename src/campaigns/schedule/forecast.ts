import { addDays, type Calendar, closedDay, nextOpening, openIntervals, type SendingWindow } from '../../calendar';
import { localDay } from '../../platform/clock';
import { type ForecastWarning, warningsOf } from './forecast-warnings';

/** How much there is to send. Gateways charge, and are slowed down by, segments. */
export interface Work {
  readonly messages: number;
  readonly segments: number;
}

/** Where the rate comes from: seen with this gateway lately, or said by its contract. */
export type RateBasis = 'measured' | 'contract';

export interface ForecastFacts {
  readonly now: Date;
  /** Nothing leaves earlier; in the past for a campaign that is late or running. */
  readonly startsAt: Date;
  readonly deadline: Date | null;
  /** Null: at any hour, for an urgent campaign. */
  readonly window: SendingWindow | null;
  readonly calendar: Calendar;
  /** All that is not handed over yet, the first wave included. */
  readonly left: Work;
  /** What of it belongs to a first wave that is still going out; null without one. */
  readonly firstWave: Work | null;
  /** Minutes of open window over which what comes after the first wave is (still) spread; null: as fast as possible. */
  readonly spreadMinutes: number | null;
  /** The gateway's rate for this campaign alone; larger than 0. */
  readonly segmentsPerSecond: number;
  readonly basis: RateBasis;
}

/** Why nothing leaves for a while: the hours of the window, or a whole day without any. */
export type PauseCause = 'night' | 'day-off' | 'holiday';

export interface Pause {
  readonly from: Date;
  readonly to: Date;
  readonly because: PauseCause;
}

export interface Forecast {
  /** The first of them leaves; null when none does. */
  readonly startsAt: Date | null;
  /** Closed times before the last text, in order, the first 31; a planned start that moves to an opening is no pause. */
  readonly pauses: readonly Pause[];
  /** How many more there are. */
  readonly pausesNotShown: number;
  /** The first wave is out, and a person is asked to look; null without one, and when the deadline is earlier. */
  readonly firstWaveEndsAt: Date | null;
  /** The last text leaves, reckoned as if whoever looks at the first wave let the rest go at once; null when none leaves. */
  readonly endsAt: Date | null;
  /** Messages that will be unsent at the deadline. */
  readonly expires: number;
  readonly segmentsPerSecond: number;
  readonly basis: RateBasis;
  readonly warnings: readonly ForecastWarning[];
}

const MINUTE_MS = 60_000;
/** A month of nights. */
const MOST_PAUSES = 31;

/** Work that takes so much open time, at an even pace. */
interface Stage {
  readonly messages: number;
  readonly openMs: number;
}

/** What comes of the stages between an instant and the deadline. */
interface Sending {
  /** When each stage that is finished was. */
  readonly stageEnds: readonly Date[];
  readonly pauses: readonly Pause[];
  /** The last text leaves; undefined when none does. */
  readonly endsAt: Date | undefined;
  readonly unsent: number;
}

/**
 * When a campaign's texts will leave, by the rules delivery follows: while the window is open, before the deadline, a first
 * wave on its own, then evenly spread or as fast as the gateway takes segments. It knows nothing of other campaigns at the
 * same gateway, of retries and of outages; the rate that is measured while it runs makes up for those.
 */
export function forecast(facts: ForecastFacts): Forecast {
  const { now, window, calendar, deadline, left, segmentsPerSecond, basis } = facts;
  const from = facts.startsAt > now ? facts.startsAt : now;
  const stages = stagesOf(facts);
  const { stageEnds, pauses, endsAt, unsent } = send(facts, from, stages);
  const isPlanned = facts.startsAt > now;
  const startsAt = endsAt ? nextOpening(window, from, calendar)! : null;
  const isMoved = startsAt !== null && startsAt > from;
  const expires = deadline ? unsent : 0;
  const shown = isMoved && !isPlanned ? [pauseBetween(facts, from, startsAt), ...pauses] : pauses;
  const applies = {
    'never-opens': left.messages > 0 && nextOpening(window, from, calendar) === undefined,
    'starts-outside-window': isMoved && isPlanned,
    'waits-for-look': stages.length > 1,
    'slower-than-spread': isSlowerThanSpread(facts),
    'ends-after-deadline': expires > 0,
    'no-end-in-sight': endsAt !== undefined && deadline === null && unsent > 0,
  };
  return {
    startsAt,
    pauses: shown.slice(0, MOST_PAUSES),
    pausesNotShown: Math.max(0, shown.length - MOST_PAUSES),
    firstWaveEndsAt: stages.length > 1 ? (stageEnds[0] ?? null) : null,
    endsAt: applies['no-end-in-sight'] ? null : (endsAt ?? null),
    expires,
    segmentsPerSecond,
    basis,
    warnings: warningsOf(applies, { startsAt, deadline, expires }),
  };
}

/** A first wave goes as fast as the gateway allows; what follows it is spread. */
function stagesOf({ left, firstWave, spreadMinutes, segmentsPerSecond }: ForecastFacts): Stage[] {
  const wave = firstWave ?? { messages: 0, segments: 0 };
  const msFor = (segments: number): number => Math.ceil((segments / segmentsPerSecond) * 1_000);
  const restMs = Math.max(msFor(left.segments - wave.segments), (spreadMinutes ?? 0) * MINUTE_MS);
  return [
    { messages: wave.messages, openMs: msFor(wave.segments) },
    { messages: left.messages - wave.messages, openMs: restMs },
  ].filter(({ messages }) => messages > 0);
}

function isSlowerThanSpread({ left, firstWave, spreadMinutes, segmentsPerSecond }: ForecastFacts): boolean {
  const restSegments = left.segments - (firstWave?.segments ?? 0);
  return spreadMinutes !== null && restSegments / segmentsPerSecond > spreadMinutes * 60;
}

function send(facts: ForecastFacts, from: Date, stages: readonly Stage[]): Sending {
  const { window, calendar, deadline } = facts;
  const stageEnds: Date[] = [];
  const pauses: Pause[] = [];
  let endsAt: Date | undefined;
  // The stage that is on, and how much of its open time is behind it.
  let [stage, done] = [0, 0];
  for (const { opensAt, closesAt } of openIntervals(window, from, calendar)) {
    if (stage === stages.length || (deadline && opensAt >= deadline)) break;
    if (endsAt) pauses.push(pauseBetween(facts, endsAt, opensAt));
    const until = Math.min(closesAt.getTime(), deadline?.getTime() ?? Infinity);
    let at = opensAt.getTime();
    for (; stage < stages.length && at + stages[stage]!.openMs - done <= until; stage++) {
      at += stages[stage]!.openMs - done;
      done = 0;
      stageEnds.push(new Date(at));
    }
    if (stage < stages.length) {
      done += until - at;
      at = until;
    }
    endsAt = new Date(at);
  }
  const unsent = stages.slice(stage).reduce((sum, { messages, openMs }, index) => {
    return sum + Math.ceil(index === 0 ? messages * (1 - done / openMs) : messages);
  }, 0);
  return { stageEnds, pauses, endsAt, unsent };
}

/** Of several closed days in a row a holiday is named before a day off. */
function pauseBetween({ window, calendar }: ForecastFacts, from: Date, to: Date): Pause {
  const causes = new Set<PauseCause | undefined>();
  for (let day = localDay(from); window && day <= localDay(to); day = addDays(day, 1)) {
    causes.add(closedDay(window, day, calendar));
  }
  const because = (['holiday', 'day-off'] as const).find((cause) => causes.has(cause)) ?? 'night';
  return { from, to, because };
}
