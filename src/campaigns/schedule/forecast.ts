import {
  addDays,
  atLocalTime,
  type Calendar,
  closedDay,
  nextOpening,
  type OpenInterval,
  openIntervals,
  type SendingWindow,
} from '../../calendar';
import type { GatewayPace, OtherWork } from '../../delivery';
import { localDay } from '../../platform/clock';
import { type ForecastWarning, warningsOf } from './forecast-warnings';

/** How much there is to send. Gateways charge, and are slowed down by, segments. */
export interface Work {
  readonly messages: number;
  readonly segments: number;
}

/** Where the rate comes from: seen with this gateway lately, permitted by its contract, or supposed while neither is known. */
export type RateBasis = GatewayPace['basis'];

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
  /** The gateway's rate for all that goes through it; larger than 0. */
  readonly segmentsPerSecond: number;
  readonly basis: RateBasis;
  /** The gateway takes no texts now. */
  readonly isAway: boolean;
  /** Segments a local day that may leave; null: no limit. */
  readonly quota: GatewayPace['quota'];
  /** Let go already, and waiting at the same gateway. */
  readonly others: readonly OtherWork[];
}

/** Why nothing leaves for a while: the hours of the window, a whole day without any, or the day's quota is used up. */
export type PauseCause = 'night' | 'day-off' | 'holiday' | 'quota';

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
  /** Null: no limit. */
  readonly segmentsPerDay: number | null;
  /** Of other campaigns, which leave before its last text. */
  readonly segmentsOfOthers: number;
  readonly warnings: readonly ForecastWarning[];
}

const MINUTE_MS = 60_000;
/** A month of nights. */
const MOST_PAUSES = 31;
/** As far as the calendar is looked at. */
const HORIZON_DAYS = 400;

/** Work that takes so much open time, at an even pace. */
interface Stage {
  readonly messages: number;
  /** What leaves in it, that of others included. */
  readonly segments: number;
  readonly openMs: number;
}

/** What comes of the stages between an instant and the deadline. */
interface Sending {
  /** The first text leaves; undefined when none does. */
  readonly startsAt: Date | undefined;
  /** When each stage that is finished was. */
  readonly stageEnds: readonly Date[];
  readonly pauses: readonly Pause[];
  /** The last text leaves; undefined when none does. */
  readonly endsAt: Date | undefined;
  readonly unsent: number;
}

/**
 * When a campaign's texts will leave, by the rules delivery follows: while the window is open, before the deadline, within the
 * day's quota, a first wave on its own, then evenly spread or as fast as the gateway takes segments, in turn with what else
 * waits there. It knows nothing of campaigns that are let go later, of other gateways its texts may go through, of retries and
 * of outages; the rate that is measured while it runs makes up for those.
 */
export function forecast(facts: ForecastFacts): Forecast {
  const { now, window, calendar, deadline, left, segmentsPerSecond, basis, quota } = facts;
  const from = facts.startsAt > now ? facts.startsAt : now;
  const stages = stagesOf(facts);
  const { startsAt = null, stageEnds, pauses, endsAt, unsent } = send(facts, from, stages);
  const opensAt = nextOpening(window, from, calendar);
  const isPlanned = facts.startsAt > now;
  const isAtNight = startsAt !== null && opensAt! > from;
  const expires = deadline ? unsent : 0;
  const segmentsOfOthers = workAmong(facts.others, left.segments);
  const applies = {
    'never-opens': left.messages > 0 && opensAt === undefined,
    'starts-outside-window': isAtNight && isPlanned,
    'gateway-away': facts.isAway && left.messages > 0 && !isPlanned,
    'waits-for-look': stages.length > 1,
    'waits-for-others': segmentsOfOthers > 0,
    'stopped-by-quota': pauses.some(({ because }) => because === 'quota'),
    'slower-than-spread': isSlowerThanSpread(facts),
    'ends-after-deadline': expires > 0,
    'no-end-in-sight': endsAt !== undefined && deadline === null && unsent > 0,
  };
  const segmentsPerDay = quota?.segmentsPerDay ?? null;
  return {
    startsAt,
    pauses: pauses.slice(0, MOST_PAUSES),
    pausesNotShown: Math.max(0, pauses.length - MOST_PAUSES),
    firstWaveEndsAt: stages.length > 1 ? (stageEnds[0] ?? null) : null,
    endsAt: applies['no-end-in-sight'] ? null : (endsAt ?? null),
    ...{ expires, segmentsPerSecond, basis, segmentsPerDay, segmentsOfOthers },
    warnings: warningsOf(applies, { startsAt, deadline, expires, segmentsOfOthers, segmentsPerDay }),
  };
}

/**
 * What of the others' work leaves before so much of ours has: whoever takes turns with us is ahead by no more than we have sent
 * ourselves.
 */
function workAmong(others: readonly OtherWork[], own: number): number {
  return others.reduce((sum, { segments, goesFirst }) => sum + (goesFirst ? segments : Math.min(segments, own)), 0);
}

/** A first wave goes as fast as the gateway allows; what follows it is spread. */
function stagesOf({ left, firstWave, spreadMinutes, segmentsPerSecond, others }: ForecastFacts): Stage[] {
  const ofWave = firstWave ? firstWave.segments + workAmong(others, firstWave.segments) : 0;
  const ofAll = left.segments + workAmong(others, left.segments);
  const msFor = (segments: number): number => Math.ceil((segments / segmentsPerSecond) * 1_000);
  const restMs = Math.max(msFor(ofAll - ofWave), (spreadMinutes ?? 0) * MINUTE_MS);
  return [
    { messages: firstWave?.messages ?? 0, segments: ofWave, openMs: msFor(ofWave) },
    { messages: left.messages - (firstWave?.messages ?? 0), segments: ofAll - ofWave, openMs: restMs },
  ].filter(({ messages }) => messages > 0);
}

function isSlowerThanSpread({ left, firstWave, spreadMinutes, segmentsPerSecond }: ForecastFacts): boolean {
  const restSegments = left.segments - (firstWave?.segments ?? 0);
  return spreadMinutes !== null && restSegments / segmentsPerSecond > spreadMinutes * 60;
}

/** Goes from one open time to the next, each of one local day where there is a quota, until the work or the time is up. */
function send(facts: ForecastFacts, from: Date, stages: readonly Stage[]): Sending {
  const { deadline } = facts;
  const sent = new SentStages(stages);
  const pauses: Pause[] = [];
  let startsAt: Date | undefined;
  let endsAt: Date | undefined;
  let stoppedByQuota = false;
  for (const { opensAt, closesAt } of sendingTimes(facts, from)) {
    if (sent.isAll || (deadline && opensAt >= deadline)) break;
    const until = Math.min(closesAt.getTime(), deadline?.getTime() ?? Infinity);
    const { at, isQuotaUsed } = sent.advance(opensAt.getTime(), until, quotaOn(facts, opensAt));
    if (at > opensAt.getTime()) {
      const since = endsAt ?? from;
      // A planned start that moves to an opening is no pause.
      const isPause = since < opensAt && (endsAt !== undefined || facts.startsAt <= facts.now || stoppedByQuota);
      if (isPause) pauses.push(pauseBetween(facts, since, opensAt, stoppedByQuota));
      startsAt ??= opensAt;
      endsAt = new Date(at);
      stoppedByQuota = false;
    }
    stoppedByQuota ||= isQuotaUsed;
  }
  return { startsAt, stageEnds: sent.ends, pauses, endsAt, unsent: sent.unsent };
}

/** Stages one after the other, as far as they have come. */
class SentStages {
  readonly ends: Date[] = [];
  private stage = 0;
  /** How much of the open time of the stage that is on is behind it. */
  private done = 0;

  constructor(private readonly stages: readonly Stage[]) {}

  get isAll(): boolean {
    return this.stage === this.stages.length;
  }

  /** Messages that have not left. */
  get unsent(): number {
    return this.stages.slice(this.stage).reduce((sum, { messages, openMs }, index) => {
      return sum + Math.ceil(index === 0 ? messages * (1 - this.done / openMs) : messages);
    }, 0);
  }

  /** Works from an instant until another one, or until so many segments have left. @returns when nothing left any more */
  advance(from: number, until: number, quota: number): { at: number; isQuotaUsed: boolean } {
    let at = from;
    let left = quota;
    for (let stage; (stage = this.stages[this.stage]);) {
      const perMs = stage.segments / stage.openMs;
      const ms = Math.min(stage.openMs - this.done, until - at, Math.ceil(Math.max(left, 0) / perMs));
      at += ms;
      left -= ms * perMs;
      this.done += ms;
      if (this.done < stage.openMs) return { at, isQuotaUsed: at < until };
      this.ends.push(new Date(at));
      this.stage += 1;
      this.done = 0;
    }
    return { at, isQuotaUsed: false };
  }
}

function quotaOn({ now, quota }: ForecastFacts, at: Date): number {
  if (quota === null) return Infinity;
  return localDay(at) === localDay(now) ? quota.leftToday : quota.segmentsPerDay;
}

/** Open times; where there is a quota one without hours is cut into days. */
function* sendingTimes({ window, calendar, quota }: ForecastFacts, from: Date): Generator<OpenInterval> {
  if (window !== null || quota === null) {
    yield* openIntervals(window, from, calendar);
    return;
  }
  const firstDay = localDay(from);
  for (let ahead = 0; ahead < HORIZON_DAYS; ahead++) {
    const opensAt = ahead === 0 ? from : atLocalTime(addDays(firstDay, ahead), '00:00');
    yield { opensAt, closesAt: atLocalTime(addDays(firstDay, ahead + 1), '00:00') };
  }
}

/** Of several closed days in a row a holiday is named before a day off. */
function pauseBetween({ window, calendar }: ForecastFacts, from: Date, to: Date, isQuota: boolean): Pause {
  if (isQuota) return { from, to, because: 'quota' };
  const causes = new Set<PauseCause | undefined>();
  for (let day = localDay(from); window && day <= localDay(to); day = addDays(day, 1)) {
    causes.add(closedDay(window, day, calendar));
  }
  const because = (['holiday', 'day-off'] as const).find((cause) => causes.has(cause)) ?? 'night';
  return { from, to, because };
}
