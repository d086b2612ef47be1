import type { Transaction } from '../platform/database/database';
import type { SubscriberFacts } from './correction';
import { searchKey } from './vietnamese-text';

/** Named by PostgreSQL when a number is in the register already. */
export const NUMBER_UNIQUE = 'subscribers_phone_key_unique';

type Numbered = SubscriberFacts & { readonly phoneKey: Buffer };

/** @returns the new id; fails on NUMBER_UNIQUE when the number is there already */
export async function insertSubscriber(tx: Transaction, facts: Numbered): Promise<number> {
  const row = await tx.row<{ id: number }>(
    `insert into subscribers (phone, phone_key, full_name, name_key, area_id, area_text, hamlet, language)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
    valuesOf(facts),
  );
  return row!.id;
}

/**
 * Writes a corrected record if it still has the revision the correction was made for.
 *
 * @returns the new revision; undefined when somebody else was faster. Fails on NUMBER_UNIQUE.
 */
export async function updateSubscriber(
  tx: Transaction,
  id: number,
  revision: number,
  facts: Numbered,
): Promise<number | undefined> {
  const row = await tx.row<{ revision: number }>(
    `update subscribers set phone = $1, phone_key = $2, full_name = $3, name_key = $4, area_id = $5, area_text = $6,
       hamlet = $7, language = $8, revision = revision + 1, updated_at = now()
     where id = $9 and revision = $10 returning revision`,
    [...valuesOf(facts), id, revision],
  );
  return row?.revision;
}

function valuesOf({ phone, phoneKey, fullName, areaId, areaText, hamlet, language }: Numbered): unknown[] {
  const nameKey = fullName === null ? null : searchKey(fullName);
  return [phone, phoneKey, fullName, nameKey, areaId, areaText, hamlet, language];
}
