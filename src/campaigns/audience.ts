/** What keeps somebody from being texted, in the order in which it is asked; the first that holds is counted. */
export const LEFT_OUT_REASONS = {
  /** On several of the lists: texted once all the same, so what is left out is the second place, not the person. */
  duplicate: 1,
  excluded: 2,
  otherArea: 3,
  optedOut: 4,
  unreachable: 5,
  recentlyTexted: 6,
  erased: 7,
} as const;
export type LeftOutReason = keyof typeof LEFT_OUT_REASONS;

/** How an audience came about: `members` minus all the others is `recipients`. */
export interface AudienceCounts extends Readonly<Record<LeftOutReason, number>> {
  /** Places on the lists, or texts of the origin that are sent again or corrected. */
  readonly members: number;
  readonly recipients: number;
}
