/** What the service's REST API answers, as far as the demo reads it; /api/openapi.json has it whole. */
export interface ListView {
  readonly id: number;
  readonly name: string;
  readonly subscribers: number;
}

export interface ImportReport {
  readonly id: number;
  readonly state: string;
  readonly revision: number;
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly repeated: number;
  readonly rejected: number;
  readonly warned: number;
}

/** The first eight add up to `messages`; delivered and undelivered are parts of `accepted`. */
export interface CampaignFigures {
  readonly messages: number;
  readonly segments: number;
  readonly queued: number;
  readonly sending: number;
  readonly accepted: number;
  readonly failed: number;
  readonly unknown: number;
  readonly suppressed: number;
  readonly cancelled: number;
  readonly expired: number;
  readonly delivered: number;
  readonly undelivered: number;
}

export interface CampaignView {
  readonly id: number;
  readonly name: string;
  readonly state: 'draft' | 'submitted' | 'scheduled' | 'sending' | 'paused' | 'completed' | 'cancelled';
  readonly contentHash: string | null;
  readonly costVnd: number | null;
  readonly figures: CampaignFigures | null;
}

export interface TestSendView {
  /** Whether it tried what the campaign says now. */
  readonly isCurrent: boolean;
  readonly figures: CampaignFigures | null;
}

export interface ForecastView {
  /** `2021-05-20T08:00:00+07:00`; null when nothing is left to leave. */
  readonly endsAt: string | null;
}

export interface StatisticsFigures {
  readonly messages: number;
  readonly segments: number;
  readonly subscribers: number;
  readonly accepted: number;
  readonly delivered: number;
  readonly undelivered: number;
  readonly failed: number;
  readonly unknown: number;
}

export interface StatisticsRow extends StatisticsFigures {
  readonly topic?: { readonly code: string; readonly name: string } | null;
  readonly campaign?: { readonly id: number; readonly name: string } | null;
}

export interface StatisticsTable {
  readonly total: StatisticsFigures;
  readonly rows: readonly StatisticsRow[];
}
