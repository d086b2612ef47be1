import type { Queries } from '../platform/database/database';

export interface OptOutRow {
  readonly id: number;
  /** Null once the person was erased; the digest keeps the opt-out in force. */
  readonly phone: string | null;
  readonly source: string;
  readonly reason: string;
  readonly recordedAt: Date;
  readonly recordedBy: string;
}

/** Newest first; `before` is the id the page before ended with. Pages by suppressions_id_unique, a number by the key. */
export function findOptOuts(
  queries: Queries,
  filter: { phoneKey?: Buffer; before?: number; limit: number },
): Promise<OptOutRow[]> {
  return queries.rows<OptOutRow>(
    `select id, phone, source, reason, recorded_at as "recordedAt", recorded_by as "recordedBy" from suppressions
     where ($1::bytea is null or phone_key = $1) and ($2::int is null or id < $2)
     order by id desc limit $3`,
    [filter.phoneKey ?? null, filter.before ?? null, filter.limit],
  );
}

/** One opt-out of a number, and the consent that lifted it; null while it is in force. */
export interface OptOutEpisode {
  readonly source: string;
  readonly reason: string;
  readonly recordedAt: Date;
  readonly recordedBy: string;
  readonly lifted: {
    readonly how: string;
    readonly document: string;
    readonly givenOn: string;
    readonly recordedAt: Date;
    readonly recordedBy: string;
  } | null;
}

type EpisodeRow = Omit<OptOutEpisode, 'lifted'> & {
  readonly how: string | null;
  readonly document: string;
  readonly givenOn: string;
  readonly liftedAt: Date;
  readonly liftedBy: string;
};

/** Newest first: at most the first is in force. By the primary key of suppressions and consents_phone_key. */
export async function findEpisodes(queries: Queries, phoneKey: Buffer): Promise<OptOutEpisode[]> {
  const rows = await queries.rows<EpisodeRow>(
    `select source, reason, recorded_at as "recordedAt", recorded_by as "recordedBy", null as how, null as document,
       null::date as "givenOn", null::timestamptz as "liftedAt", null as "liftedBy"
     from suppressions where phone_key = $1
     union all
     select lifted_source, lifted_reason, lifted_recorded_at, lifted_recorded_by, how, document, given_on, recorded_at,
       recorded_by
     from consents where phone_key = $1
     order by "recordedAt" desc`,
    [phoneKey],
  );
  return rows.map(({ how, document, givenOn, liftedAt, liftedBy, ...optOut }) => ({
    ...optOut,
    lifted: how === null ? null : { how, document, givenOn, recordedAt: liftedAt, recordedBy: liftedBy },
  }));
}
