import type { Schedule } from '../plan';

/** What the batch of a running campaign says, as far as it decides whether the campaign may go on. */
export interface RunningFigures {
  readonly messages: number;
  /** Texts that may leave by now: the first wave, or what a spread has reached. */
  readonly released: number;
  readonly queued: number;
  readonly sending: number;
  readonly accepted: number;
  /** Refused for good. */
  readonly failed: number;
  readonly unknown: number;
}

/** What stood in the figures when somebody last let the campaign go on. */
export interface Seen {
  readonly failures: number;
  readonly gone: number;
}

export type RunningVerdict = 'go-on' | 'first-wave' | 'failures';

/** Refused for good, or nobody knows: neither may be taken for a text that arrived. */
export const failuresOf = ({ failed, unknown }: Pick<RunningFigures, 'failed' | 'unknown'>): number => failed + unknown;

/** Texts a gateway was given, and answered or should have. */
export const goneOf = (figures: Pick<RunningFigures, 'accepted' | 'failed' | 'unknown'>): number =>
  figures.accepted + failuresOf(figures);

/** How many texts come first: at least one, a part of one for a whole one, never more than there are. */
export function firstWaveSize(firstWave: NonNullable<Schedule['firstWave']>, audienceSize: number): number {
  const wanted = 'recipients' in firstWave ? firstWave.recipients : Math.ceil((audienceSize * firstWave.percent) / 100);
  return Math.min(Math.max(1, wanted), audienceSize);
}

/**
 * All that is released is accounted for to the last text (what waits for another try is not), and a rest waits. Past a
 * deadline the rest does not wait any more: it expires.
 */
export function isWaveOver({ messages, released, queued, sending }: RunningFigures): boolean {
  return queued > 0 && queued === messages - released && sending === 0;
}

/**
 * Whether a running campaign must stop for a look. Failures come first: they are the worse news, and whoever lets the
 * campaign go on has the figures of a first wave that is over before him too.
 *
 * @param inFirstWave nobody has let the rest follow the first wave yet
 */
export function judgeRunning(
  halt: Schedule['halt'],
  figures: RunningFigures,
  { inFirstWave, seen }: { inFirstWave: boolean; seen: Seen },
): RunningVerdict {
  const failures = failuresOf(figures) - seen.failures;
  const gone = goneOf(figures) - seen.gone;
  if (halt && failures > 0 && failures >= halt.failures && failures * 100 >= halt.percent * gone) return 'failures';
  return inFirstWave && isWaveOver(figures) ? 'first-wave' : 'go-on';
}
