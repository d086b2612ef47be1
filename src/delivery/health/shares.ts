/** What one instance reports of a gateway. */
export interface HealthReport {
  readonly breaker: 'closed' | 'open' | 'half-open';
  /** It had no answer for a while: closed says little then. */
  readonly isIdle: boolean;
  readonly reason: string;
  /** Since when it is closed, or since when it is not. */
  readonly since: Date;
}

export interface Share {
  /** Percent of what may also go elsewhere. */
  readonly share: number;
  /** Null: never. */
  readonly changedAt: Date | null;
}

export interface ShareFacts {
  /** Of the instances that are alive. */
  readonly reports: readonly HealthReport[];
  /** Whether another gateway takes texts: if none does, moving them helps nobody. */
  readonly hasElsewhere: boolean;
}

export interface Shift {
  readonly share: number;
  /** Why: the reason of a breaker, `account:20003`, or `recovered`. */
  readonly reason: string;
}

export const RECOVERED = 'recovered';

const DOWN_POINTS = 20;
const DOWN_EVERY_MS = 5_000;
const UP_POINTS = 10;
const UP_EVERY_MS = 30_000;
/** So long it must have been well everywhere before anything comes back. */
const WELL_FOR_MS = 60_000;

/**
 * The next step of a gateway's share, or undefined when it stays: down while every instance that sends through it finds it
 * broken, up once it has been well with all of them for a while. One instance that is cut off from it moves nobody. Down takes
 * 25 s in all and back up 6 minutes, so a gateway that comes and goes is left alone at the bottom.
 */
export function nextShare(current: Share, { reports, hasElsewhere }: ShareFacts, now: Date): Shift | undefined {
  const hasStoodFor = (since: Date | null, ms: number): boolean => !since || now.getTime() - since.getTime() >= ms;
  if (hasElsewhere && current.share > 0 && hasStoodFor(current.changedAt, DOWN_EVERY_MS) && isBroken(reports)) {
    const broken = reports.filter(({ breaker }) => breaker !== 'closed');
    if (!broken.every(({ since }) => hasStoodFor(since, DOWN_EVERY_MS))) return undefined;
    return { share: Math.max(0, current.share - DOWN_POINTS), reason: broken[0]!.reason };
  }
  const isWell = reports.length > 0 && reports.every(({ breaker }) => breaker === 'closed');
  if (isWell && current.share < 100 && hasStoodFor(current.changedAt, UP_EVERY_MS)) {
    if (!reports.every(({ since }) => hasStoodFor(since, WELL_FOR_MS))) return undefined;
    return { share: Math.min(100, current.share + UP_POINTS), reason: RECOVERED };
  }
  return undefined;
}

/** Every instance that can tell finds it so. */
export function isBroken(reports: readonly HealthReport[]): boolean {
  const telling = reports.filter(({ breaker, isIdle }) => breaker !== 'closed' || !isIdle);
  return telling.length > 0 && telling.every(({ breaker }) => breaker !== 'closed');
}
