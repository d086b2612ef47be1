import type { Database, Queries, Transaction } from '../platform/database/database';

export interface MessageReference {
  readonly batchId: number;
  readonly seq: number;
}

/** A person's messages: those to his number, and those his record got under numbers it had before. */
export interface Addressee {
  readonly phoneKey: Buffer;
  readonly subscriberId: number | null;
  readonly formerKeys: readonly Buffer[];
}

/**
 * Where a person's messages are, in every batch. One look into messages_once_per_number for each batch; `offset 0` keeps
 * the planner from reading all messages instead.
 */
export function findMessagesTo(queries: Queries, person: Addressee): Promise<MessageReference[]> {
  return queries.rows<MessageReference>(
    `select b.id as "batchId", m.seq from batches b cross join lateral (
       select seq from messages m
       where m.batch_id = b.id and m.phone_key = any(array[$1::bytea] || $3::bytea[])
         and (m.phone_key = $1 or m.subscriber_id = $2)
       offset 0
     ) m order by 1, 2`,
    [person.phoneKey, person.subscriberId, person.formerKeys],
  );
}

/** Test sends to staff whose text was made from a person's record: his data under somebody else's number. */
function findTestsMadeFrom(queries: Queries, subscriberId: number | null): Promise<MessageReference[]> {
  return queries.rows<MessageReference>(
    `select b.id as "batchId", m.seq from batches b join messages m on m.batch_id = b.id
     where b.kind = 'test' and m.subscriber_id = $1`,
    [subscriberId],
  );
}

/**
 * Sets number and text of a person's messages to null, test sends made from his record included: the only update there ever is. Key and digest stay, so that counts,
 * distinct people and what was approved still hold. What was not handed over yet ends as suppressed, `erased`.
 *
 * @param tx in which no submission can be under way
 * @returns those that were emptied
 */
export async function eraseMessages(tx: Transaction, person: Addressee): Promise<MessageReference[]> {
  const found = [...(await findMessagesTo(tx, person)), ...(await findTestsMadeFrom(tx, person.subscriberId))];
  return tx.rows<MessageReference>(
    `update messages m set phone = null, text = null
     from unnest($1::bigint[], $2::int[]) as f (batch_id, seq)
     where m.batch_id = f.batch_id and m.seq = f.seq and (m.phone is not null or m.text is not null)
     returning m.batch_id as "batchId", m.seq`,
    columnsOf(found),
  );
}

/**
 * How many of these messages were handed over before they were emptied and wait for the gateway's answer: they cannot be
 * called back. Call it after the erasure is committed: it waits for marks under way, and every later one finds nothing.
 */
export async function countInFlight(database: Database, messages: readonly MessageReference[]): Promise<number> {
  return database.transaction(async (tx) => {
    await tx.rows(
      `select c.id from chunks c
       where c.state = 'leased' and exists (
         select from unnest($1::bigint[], $2::int[]) as f (batch_id, seq)
         where f.batch_id = c.batch_id and (f.seq = any(c.seqs) or (c.seqs is null and f.seq between c.lo and c.hi)))
       order by c.id for share`,
      columnsOf(messages),
    );
    const found = await tx.row<{ count: number }>(
      `select count(*) as count from unnest($1::bigint[], $2::int[]) as f (batch_id, seq)
       where exists (
         select from chunks c
         where c.batch_id = f.batch_id and c.state = 'leased'
           and case when c.seqs is null then f.seq between c.lo and c.marked
               else array_position(c.seqs, f.seq) <= c.marked end
           and not exists (select from outcomes o
             where o.batch_id = f.batch_id and o.seq = f.seq and o.attempt = c.attempt))`,
      columnsOf(messages),
    );
    return found!.count;
  });
}

function columnsOf(messages: readonly MessageReference[]): [number[], number[]] {
  return [messages.map(({ batchId }) => batchId), messages.map(({ seq }) => seq)];
}
