import type { SendingWindow } from '../calendar';

/** What happens when the service was down at the start: send late, do not send at all, or wait for a person. */
export const MISFIRE_RULES = ['send-late', 'skip', 'ask'] as const;
export type MisfireRule = (typeof MISFIRE_RULES)[number];

/** How a campaign is sent, beside its start and its deadline. */
export interface Schedule {
  readonly window: SendingWindow;
  /** Spread evenly over so many minutes of open window; null: as fast as the gateway allows. */
  readonly spreadMinutes: number | null;
  readonly misfire: MisfireRule;
  /** So many recipients, or per cent of them, come first; then it pauses for a look. Null: all at once. */
  readonly firstWave: { readonly recipients: number } | { readonly percent: number } | null;
  /** Pauses by itself once at least `failures` texts failed and they are at least `percent` of those handed over. */
  readonly halt: { readonly failures: number; readonly percent: number } | null;
}

/** A rule set aside, with the reason that is kept on record. */
export interface Overrides {
  /** Texts may leave outside of the sending window. */
  readonly urgent?: string;
  /** The sending window itself is wider than 07:00 to 21:00, or holds on public holidays. */
  readonly window?: string;
  readonly expiredTemplate?: string;
  readonly fatigueCap?: string;
}

/** A gateway that texts may go through, with the sender ID they have there. */
export interface Route {
  readonly gateway: string;
  readonly sender: string;
}

/** All ways its texts may go, the first one first. */
export function routesOf({
  gateway,
  sender,
  alternatives,
}: Route & { readonly alternatives: readonly Route[] }): Route[] {
  return [{ gateway, sender }, ...alternatives];
}

export function gatewaysOf(campaign: Parameters<typeof routesOf>[0]): string[] {
  return routesOf(campaign).map(({ gateway }) => gateway);
}

/** Values that people of these areas (and of what the areas were made of) get instead of the campaign's own. */
export interface AreaValues {
  readonly areaIds: readonly number[];
  readonly values: Readonly<Record<string, string>>;
}

/** `resend`: again to whom the origin failed to reach; `correction`: to all whom it reached or may have reached. */
export const CAMPAIGN_KINDS = ['notice', 'resend', 'correction'] as const;
export type CampaignKind = (typeof CAMPAIGN_KINDS)[number];

/** Why a campaign stands still. */
export const PAUSE_REASONS = ['person', 'first-wave', 'failures', 'misfire', 'differs'] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** Corrections go before all others. */
export function laneOf(kind: CampaignKind): 0 | 1 {
  return kind === 'correction' ? 1 : 0;
}
