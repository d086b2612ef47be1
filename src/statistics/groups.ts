/** What a row of the statistics is about. Null: rows are not told apart by it, or it has none (topic, campaign). */
export interface Group {
  /** `2021-05`, or `2021` when rows are told apart by the year alone. */
  readonly time: string | null;
  readonly topic: string | null;
  readonly campaignId: number | null;
  /** 0: without an area. */
  readonly areaId: number | null;
}

/** One day on which a batch has messages, and the group they belong to but for the area. */
export interface BatchDay {
  readonly batchId: number;
  readonly day: string;
  readonly inPeriod: boolean;
  readonly group: Omit<Group, 'areaId'>;
}

/** Where the people of each group are to be found among the messages. */
export interface PeoplePlan {
  readonly groups: readonly Omit<Group, 'areaId'>[];
  /** All messages of these batches belong to one group, which is given by its place in `groups`. */
  readonly whole: readonly { readonly batchId: number; readonly group: number }[];
  /** Of these batches only the messages of that day. */
  readonly split: readonly { readonly batchId: number; readonly day: string; readonly group: number }[];
}

/**
 * Decides for which batches the day of every single message has to be looked up: those whose days belong to more than one
 * group, or lie partly outside the period. Of a batch that was sent within a day, as nearly all are, it never has to.
 */
export function planPeople(days: readonly BatchDay[]): PeoplePlan {
  const groups = new Map<string, { place: number; group: Omit<Group, 'areaId'> }>();
  const placeOf = (group: Omit<Group, 'areaId'>): number => {
    const key = groupKey({ ...group, areaId: null });
    const entry = groups.get(key) ?? { place: groups.size, group };
    groups.set(key, entry);
    return entry.place;
  };
  const byBatch = new Map<number, BatchDay[]>();
  for (const day of days) byBatch.set(day.batchId, [...(byBatch.get(day.batchId) ?? []), day]);
  const whole: { batchId: number; group: number }[] = [];
  const split: { batchId: number; day: string; group: number }[] = [];
  for (const [batchId, ofBatch] of byBatch) {
    const wanted = ofBatch.filter(({ inPeriod }) => inPeriod);
    const placed = wanted.map(({ day, group }) => ({ batchId, day, group: placeOf(group) }));
    const isOneGroup = wanted.length === ofBatch.length && new Set(placed.map(({ group }) => group)).size === 1;
    if (isOneGroup) whole.push({ batchId, group: placed[0]!.group });
    else split.push(...placed);
  }
  return { groups: [...groups.values()].map(({ group }) => group), whole, split };
}

export function groupKey({ time, topic, campaignId, areaId }: Group): string {
  return JSON.stringify([time, topic, campaignId, areaId]);
}
