import type { Transaction } from '../platform/database/database';
import { shareRegister, sqlAreasWithPredecessors } from '../subscribers';

export interface Recipient {
  readonly place: number;
  readonly subscriberId: number;
  readonly phone: string;
  readonly phoneKey: Buffer;
  readonly areaId: number;
  readonly fullName: string | null;
  readonly areaName: string | null;
}

export interface AudienceSize {
  readonly recipients: number;
  /** In the lists and areas, but left out because they opted out. */
  readonly optedOut: number;
  /** Left out because none of their last texts was delivered (NUMBER_LEFT_OUT_AFTER), and had not opted out. */
  readonly unreachable: number;
}

/** Recipients rendered at a time: some 5 MB, and about 30 ms during which nothing else is answered. */
const PAGE_SIZE = 4_000;

/** A commune's people are also those recorded under the communes it was made of. */
const CHOSEN_AREAS = sqlAreasWithPredecessors('array(select area_id from campaign_areas where campaign_id = $1)');

/**
 * Fixes the audience of a campaign for this transaction, in one statement and so at one instant: lists united, areas
 * applied, opt-outs and dead numbers left out, each subscriber once. The order is a shuffle that the campaign's id
 * determines, so that the first texts reach a fair sample of all areas.
 *
 * Until the transaction ends no import can be undone: whoever an undo withdraws is either not in the audience, or his
 * withdrawal is later than the batch and the hand-over finds it.
 *
 * @param leftOutAfter texts undelivered in a row after which a number gets none any more; 0 for never
 */
export async function fixAudience(tx: Transaction, campaignId: number, leftOutAfter: number): Promise<AudienceSize> {
  await shareRegister(tx);
  await tx.run(
    `create temporary table audience (
       place integer primary key, subscriber_id bigint not null, phone text not null, phone_key bytea not null,
       area_id integer not null, full_name text, area_name text
     ) on commit drop`,
  );
  const row = await tx.row<AudienceSize>(
    `with chosen as materialized (
       select s.*, x.phone_key is not null as opted_out, h.phone_key is not null as unreachable
       from subscribers s
       left join suppressions x on x.phone_key = s.phone_key
       left join number_health h on h.phone_key = s.phone_key and $2 > 0 and h.undelivered_in_row >= $2
       where s.id in (
           select m.subscriber_id from list_members m join campaign_lists l on l.list_id = m.list_id
           where l.campaign_id = $1)
         and (not exists (select from campaign_areas where campaign_id = $1)
           or s.area_id in (${CHOSEN_AREAS}))
     ), kept as (
       insert into audience
       select row_number() over (order by hashint8extended(c.id, $1), c.id), c.id, c.phone, c.phone_key,
         coalesce(c.area_id, 0), c.full_name, a.name
       from chosen c left join areas a on a.id = c.area_id
       where not c.opted_out and not c.unreachable
       order by 1
       returning 1
     )
     select (select count(*) from kept) as recipients, (select count(*) from chosen where opted_out) as "optedOut",
       (select count(*) from chosen where unreachable and not opted_out) as unreachable`,
    [campaignId, leftOutAfter],
  );
  return row!;
}

/** The fixed audience in its order, page by page. */
export async function* readAudiencePages(tx: Transaction): AsyncGenerator<Recipient[]> {
  for (let last = 0; ;) {
    const page = await tx.rows<Recipient>(
      `select place, subscriber_id as "subscriberId", phone, phone_key as "phoneKey", area_id as "areaId",
         full_name as "fullName", area_name as "areaName"
       from audience where place > $1 order by place limit ${PAGE_SIZE}`,
      [last],
    );
    if (page.length === 0) return;
    yield page;
    last = page[page.length - 1]!.place;
  }
}
