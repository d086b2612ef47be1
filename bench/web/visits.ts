/** Which campaigns are being sent now; told again whenever that changes. */
export interface CampaignNews {
  readonly campaigns: readonly number[];
}

/** What the load generator is told first. */
export interface VisitPlan extends CampaignNews {
  /** The web instance. */
  readonly url: string;
  /** Of somebody who signed in. */
  readonly cookies: string;
  readonly requestsPerSecond: number;
  /** The first ones do not count. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** Screens that follow a campaign all the time, beside the requests. */
  readonly followers: number;
}

export const KINDS = ['progress', 'statistics', 'metrics'] as const;
export type Kind = (typeof KINDS)[number];

export interface VisitReport {
  /** From the moment at which a request was due to its whole answer; of a stream to its first event. */
  readonly milliseconds: Readonly<Record<Kind, readonly number[]>>;
  /** Of these, answers other than 2xx. */
  readonly refused: Readonly<Record<Kind, number>>;
  /** Events the followers got. */
  readonly events: number;
  readonly cpuSeconds: number;
  readonly error?: string;
}
