import { sqlAddressedBy, sqlFailedOf, sqlReachedOf, sqlTextedSince } from '../delivery';
import type { Transaction } from '../platform/database/database';
import { type Registered, shareRegister, sqlAreasWithPredecessors } from '../subscribers';
import { type AudienceCounts, LEFT_OUT_REASONS } from './audience';
import type { TopicBatches } from './fatigue.read-model';
import type { CampaignKind } from './plan';

/** A recipient is somebody of the register, with the number his text goes to. */
export type Recipient = Registered;

/** Whom to ask for: a campaign, or the texts of another one. */
export interface AudienceQuestion {
  readonly campaignId: number;
  readonly kind: CampaignKind;
  /** The batch that is sent again or corrected; null for a notice. */
  readonly originBatchId: number | null;
  /** Batches of other resends of the same text: whom they reached is not texted once more. */
  readonly resentBatchIds: readonly number[];
  /** Texts undelivered in a row after which a number gets none any more; 0 for never. */
  readonly leftOutAfter: number;
  /** Nobody who got a text of `texted` since then, or is to get one of `planned`; null for no cap. */
  readonly fatigue: (TopicBatches & { readonly since: Date }) | null;
}

/** Recipients fetched at a time: some 2 MB. */
const PAGE_SIZE = 4_000;

/** A commune's people are also those recorded under the communes it was made of. */
const CHOSEN_AREAS = sqlAreasWithPredecessors('array(select area_id from campaign_areas where campaign_id = $1)');

/** Places on the lists, person by person. */
const LISTED = `
  select s.id as subscriber_id, s.phone, s.phone_key, coalesce(s.area_id, 0) as area_id, s.full_name, s.hamlet, s.language,
    places.times, e.subscriber_id is not null as excluded,
    exists (select from campaign_areas where campaign_id = $1)
      and coalesce(s.area_id, 0) not in (select id from chosen_areas) as other_area
  from (
    select m.subscriber_id, count(*)::int as times
    from list_members m join campaign_lists l on l.list_id = m.list_id
    where l.campaign_id = $1 and not l.excluded group by m.subscriber_id
  ) places join subscribers s on s.id = places.subscriber_id
  left join (
    select distinct m.subscriber_id from list_members m join campaign_lists l on l.list_id = m.list_id
    where l.campaign_id = $1 and l.excluded
  ) e on e.subscriber_id = s.id`;

/** The texts of an origin go to the numbers they went to then, with what is known of the person now. */
function linked(kind: 'resend' | 'correction'): string {
  const texts =
    kind === 'correction'
      ? sqlReachedOf('array[$5::bigint]')
      : `${sqlFailedOf('$5')} and m.phone_key not in (select r.phone_key from (${sqlReachedOf('$6::bigint[]')}) r)`;
  return `
    select m.subscriber_id, m.phone, m.phone_key, m.area_id, s.full_name, s.hamlet, s.language, 1 as times,
      false as excluded, false as other_area
    from (${texts}) m left join subscribers s on s.id = m.subscriber_id`;
}

/**
 * Fixes the audience of a campaign for this transaction, in one statement and so at one instant, and writes down who is left
 * out and why. The order is a shuffle that the campaign's id determines, so that the first texts, the first wave above all,
 * reach a fair sample of all areas.
 *
 * Until the transaction ends no import can be undone: whoever an undo withdraws is either not in the audience, or his
 * withdrawal is later than the batch and the hand-over finds it.
 *
 * @param options `record`: whether who is left out is written down, as a submission does and a preview does not
 */
export async function fixAudience(
  tx: Transaction,
  question: AudienceQuestion,
  { record }: { record: boolean },
): Promise<AudienceCounts> {
  await shareRegister(tx);
  await tx.run(`select set_config('work_mem', '64MB', true)`);
  await tx.run(
    `create temporary table audience (
       subscriber_id bigint, phone text, phone_key bytea, area_id integer, full_name text, hamlet text, language text,
       times integer, reason smallint, place bigint
     ) on commit drop`,
  );
  const { campaignId, kind, originBatchId, resentBatchIds, leftOutAfter, fatigue } = question;
  const chosen = kind === 'notice' ? LISTED : linked(kind);
  await tx.run(
    `with chosen_areas (id) as materialized (${CHOSEN_AREAS}), chosen as (${chosen})
     insert into audience
     select c.subscriber_id, c.phone, c.phone_key, c.area_id, c.full_name, c.hamlet, c.language, c.times,
       case
         when c.phone is null then ${LEFT_OUT_REASONS.erased}
         when c.excluded then ${LEFT_OUT_REASONS.excluded}
         when c.other_area then ${LEFT_OUT_REASONS.otherArea}
         when x.phone_key is not null then ${LEFT_OUT_REASONS.optedOut}
         when h.phone_key is not null then ${LEFT_OUT_REASONS.unreachable}
         when t.phone_key is not null then ${LEFT_OUT_REASONS.recentlyTexted}
         else 0
       end, hashint8extended(c.subscriber_id, $1)
     from chosen c
     left join suppressions x on x.phone_key = c.phone_key
     left join number_health h on h.phone_key = c.phone_key and $2 > 0 and h.undelivered_in_row >= $2
     left join (${sqlTextedSince('$3::bigint[]', '$4::timestamptz')} union ${sqlAddressedBy('$7::bigint[]')}) t
       on t.phone_key = c.phone_key
     -- Always so: a notice has no origin, and PostgreSQL must know the type of every value all the same.
     where $5::bigint is null or cardinality($6::bigint[]) >= 0`,
    [
      ...[campaignId, leftOutAfter, fatigue?.texted ?? [], fatigue?.since ?? null, originBatchId, resentBatchIds],
      fatigue?.planned ?? [],
    ],
  );
  if (record) await recordLeftOut(tx, campaignId);
  return countAudience(tx);
}

async function recordLeftOut(tx: Transaction, campaignId: number): Promise<void> {
  await tx.run(
    `insert into campaign_left_out (campaign_id, reason, subscriber_id)
     select $1::int, reason, subscriber_id from audience where reason > 0
     union all select $1::int, ${LEFT_OUT_REASONS.duplicate}, subscriber_id from audience where times > 1`,
    [campaignId],
  );
}

async function countAudience(tx: Transaction): Promise<AudienceCounts> {
  const rows = await tx.rows<{ reason: number; people: number; members: number }>(
    'select reason, count(*)::int as people, sum(times)::int as members from audience group by reason',
  );
  const people = (reason: number): number => rows.find((row) => row.reason === reason)?.people ?? 0;
  const members = rows.reduce((sum, row) => sum + row.members, 0);
  const persons = rows.reduce((sum, row) => sum + row.people, 0);
  const { excluded, otherArea, optedOut, unreachable, recentlyTexted, erased } = LEFT_OUT_REASONS;
  return {
    members,
    duplicate: members - persons,
    excluded: people(excluded),
    otherArea: people(otherArea),
    optedOut: people(optedOut),
    unreachable: people(unreachable),
    recentlyTexted: people(recentlyTexted),
    erased: people(erased),
    recipients: people(0),
  };
}

/** The fixed audience in its order, page by page. The connection is free between two pages. */
export async function* readAudiencePages(tx: Transaction): AsyncGenerator<Recipient[]> {
  await tx.run(
    `declare audience_in_order no scroll cursor for
     select subscriber_id as "subscriberId", phone, phone_key as "phoneKey", area_id as "areaId", full_name as "fullName",
       hamlet, language
     from audience where reason = 0 order by place, subscriber_id`,
  );
  for (;;) {
    const page = await tx.rows<Recipient>(`fetch ${PAGE_SIZE} from audience_in_order`);
    if (page.length === 0) break;
    yield page;
  }
  await tx.run('close audience_in_order');
}

/** What a submission that is voided wrote down. */
export async function forgetLeftOut(tx: Transaction, campaignId: number): Promise<void> {
  await tx.run('delete from campaign_left_out where campaign_id = $1', [campaignId]);
}
