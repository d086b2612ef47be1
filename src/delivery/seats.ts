/** Of one limit of messages in flight: who else shares it, and what this instance does with its part. */
export interface SeatsInUse {
  readonly limit: number;
  readonly owner: string;
  /** Handed over and not answered yet. */
  readonly busy: number;
  /** The other instances whose seats have not run out; 0 seats for one that has just come. */
  readonly others: readonly { readonly owner: string; readonly seats: number }[];
}

export interface Seats {
  /** So many this instance may fill from now on. */
  readonly mayFill: number;
  /** So many nobody else may have: what it may fill, or still has in flight. */
  readonly holds: number;
}

/**
 * An equal part of the limit for each instance, the remainder to the first by name; never more than others have left. Who comes
 * gets its part as others give theirs up, so the sum of `holds` never exceeds the limit.
 */
export function shareSeats({ limit, owner, busy, others }: SeatsInUse): Seats {
  const rank = others.filter((other) => other.owner < owner).length;
  const instances = others.length + 1;
  const part = Math.floor(limit / instances) + (rank < limit % instances ? 1 : 0);
  const left = Math.max(0, limit - others.reduce((sum, { seats }) => sum + seats, 0));
  return { mayFill: Math.min(part, left), holds: Math.min(left, Math.max(part, busy)) };
}
