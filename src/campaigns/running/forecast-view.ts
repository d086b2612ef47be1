import type { BatchFigures } from '../../delivery';
import { formatLocalTime } from '../../platform/clock';
import type { Language } from '../../platform/errors';
import type { CampaignState } from '../lifecycle';
import type { PauseReason } from '../plan';
import type { Forecast, PauseCause, RateBasis } from '../schedule/forecast';
import type { Standing } from './running.read-model';

/** When texts will leave, as people see it. Times are Vietnam time. */
export interface ForecastTimes {
  /** The first text that is still to leave does so. */
  readonly startsAt: string | null;
  readonly pauses: readonly { readonly from: string; readonly to: string; readonly because: PauseCause }[];
  readonly pausesNotShown: number;
  readonly firstWaveEndsAt: string | null;
  /** Of a campaign that stands still: if it went on now. */
  readonly endsAt: string | null;
  /** Texts that will be unsent at the deadline. */
  readonly expires: number;
  readonly segmentsPerSecond: number;
  readonly basis: RateBasis;
  /** Null: no limit is known. */
  readonly segmentsPerDay: number | null;
  /** Of other campaigns that wait at the gateway; they leave before its last text. */
  readonly segmentsOfOthers: number;
  readonly warnings: readonly { readonly code: string; readonly detail: string }[];
}

/** The forecast of a campaign that was submitted. */
export interface ForecastView extends ForecastTimes {
  readonly at: string;
  readonly state: CampaignState;
  readonly pauseReason: PauseReason | null;
  readonly figures: BatchFigures;
  /** Of all its segments, in Vietnamese đồng; null while the office has entered no price for the gateway. */
  readonly cost: { readonly segments: number; readonly vndPerSegment: number; readonly vnd: number } | null;
}

interface Facts extends Standing {
  readonly at: Date;
  readonly figures: BatchFigures;
  readonly forecast: Forecast;
}

export function toForecastView(facts: Facts, language: Language): ForecastView {
  const { at, state, pauseReason, figures, forecast, vndPerSegment } = facts;
  const { segments } = figures;
  return {
    at: formatLocalTime(at),
    ...{ state, pauseReason, figures },
    ...forecastTimes(forecast, language),
    cost: vndPerSegment === null ? null : { segments, vndPerSegment, vnd: segments * vndPerSegment },
  };
}

export function forecastTimes(forecast: Forecast, language: Language): ForecastTimes {
  const { startsAt, pauses, pausesNotShown, firstWaveEndsAt, endsAt, expires } = forecast;
  const { segmentsPerSecond, basis, segmentsPerDay, segmentsOfOthers } = forecast;
  return {
    startsAt: startsAt && formatLocalTime(startsAt),
    pauses: pauses.map(({ from, to, because }) => ({ from: formatLocalTime(from), to: formatLocalTime(to), because })),
    pausesNotShown,
    firstWaveEndsAt: firstWaveEndsAt && formatLocalTime(firstWaveEndsAt),
    endsAt: endsAt && formatLocalTime(endsAt),
    ...{ expires, segmentsPerSecond, basis, segmentsPerDay, segmentsOfOthers },
    warnings: forecast.warnings.map((warning) => ({ code: warning.code, detail: warning[language] })),
  };
}
