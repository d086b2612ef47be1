import { formatLocalTime } from '../../platform/clock';
import type { Language } from '../../platform/errors';
import type { Progress } from './progress-feed';

/** What must differ for a reader to be told. An end that creeps on by seconds is no news, one of a minute is. */
export function changeKey({ state, pauseReason, figures, rate, endsAt, topFailures, isOver }: Progress): string {
  const endMinute = endsAt && Math.round(endsAt.getTime() / 60_000);
  return JSON.stringify([state, pauseReason, isOver, figures, rate, endMinute, topFailures]);
}

/** A progress as a reader gets it; times are Vietnam time. */
export function toProgressView({ isOver: _, ...progress }: Progress, language: Language) {
  const { at, endsAt, state, topFailures } = progress;
  const isRunning = state === 'sending' && endsAt !== null;
  return {
    ...progress,
    at: formatLocalTime(at),
    endsAt: endsAt && formatLocalTime(endsAt),
    remainingSeconds: isRunning ? Math.max(0, Math.round((endsAt.getTime() - at.getTime()) / 1_000)) : null,
    topFailures: topFailures.map(({ kind, messages, reason }) => ({ kind, messages, reason: reason[language] })),
  };
}
