/**
 * Whom a batch reached, as subqueries for whoever plans another one. They read outcomes by primary key, 1 to 2 µs a message.
 * Columns of the first two: seq, subscriber_id, area_id, phone, phone_key; the last two null once erased.
 */

/**
 * Refused for good, or said by a person to have failed. Never `unknown`, nor what turned out to be accepted after all: those
 * may have arrived. @param batchId expression of our own text, `$2`
 */
export function sqlFailedOf(batchId: string): string {
  return `
    select m.seq, m.subscriber_id, m.area_id, m.phone, m.phone_key from messages m
    where m.batch_id = ${batchId} and exists (
      select from outcomes o where o.batch_id = m.batch_id and o.seq = m.seq and o.kind = 'failed')
      and not exists (select from late_proofs p where p.batch_id = m.batch_id and p.seq = m.seq)`;
}

/**
 * Reached, or may have been: handed over in an attempt that ended as accepted, as unknown, or has no answer yet, or turned out
 * to be accepted after all.
 *
 * @param batchIds expression of our own text, an array: `$2::bigint[]`
 */
export function sqlReachedOf(batchIds: string): string {
  return `
    select m.seq, m.subscriber_id, m.area_id, m.phone, m.phone_key
    from messages m join (
      select distinct c.batch_id, coalesce(c.seqs[item], item) as seq
      from chunks c cross join lateral generate_series(c.lo, c.marked) item
      left join outcomes o on o.batch_id = c.batch_id and o.seq = coalesce(c.seqs[item], item)
        and o.attempt = c.attempt and o.certain
      where c.batch_id = any(${batchIds}) and (o.kind is null or o.kind = 'accepted' or exists (
        select from late_proofs p where p.batch_id = c.batch_id and p.seq = coalesce(c.seqs[item], item)))
    ) gone using (batch_id, seq)`;
}

/** The keys of numbers that got a text of these batches, or may have, since an instant: `phone_key`, each once. */
export function sqlTextedSince(batchIds: string, since: string): string {
  return `
    select m.phone_key from messages m join outcomes o on o.batch_id = m.batch_id and o.seq = m.seq
    where m.batch_id = any(${batchIds}) and o.kind in ('accepted', 'unknown') and o.at > ${since}
    group by m.phone_key`;
}

/** The keys of all numbers that these batches are for, whatever becomes of them: `phone_key`. */
export function sqlAddressedBy(batchIds: string): string {
  return `select m.phone_key from messages m where m.batch_id = any(${batchIds})`;
}
