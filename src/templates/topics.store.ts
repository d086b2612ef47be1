import type { Queries, Transaction } from '../platform/database/database';
import type { TopicSource } from './topics-source';

export interface LegalField {
  readonly code: string;
  readonly nameVi: string;
  readonly nameEn: string;
  /** Since when it can no longer be chosen for a new template. */
  readonly archivedAt: Date | null;
}

export interface Topic extends LegalField {
  /** Nobody gets two texts on the topic within so many days; 0 for no such cap. */
  readonly fatigueDays: number;
}

/** What an edit sets; what is left out stays as it is. */
export interface TopicChanges {
  readonly nameVi?: string;
  readonly nameEn?: string;
  readonly fatigueDays?: number;
  readonly archived?: boolean;
}

/** The tables are alike; the names are ours, never from input. */
type Table = 'topics' | 'legal_fields';
const COLUMNS = 'code, name_vi as "nameVi", name_en as "nameEn", archived_at as "archivedAt"';
const COLUMNS_OF: Readonly<Record<Table, string>> = {
  topics: `${COLUMNS}, fatigue_days as "fatigueDays"`,
  legal_fields: COLUMNS,
};

/** Those that can be chosen first. */
export function findAll<T extends LegalField>(queries: Queries, table: Table): Promise<T[]> {
  return queries.rows<T>(`select ${COLUMNS_OF[table]} from ${table} order by archived_at is not null, code`);
}

/** Reads one that a new template is to belong to; it cannot be archived before the transaction ends. */
export function shareForTemplate(tx: Transaction, table: Table, code: string): Promise<LegalField | undefined> {
  return tx.row<LegalField>(`select ${COLUMNS} from ${table} where code = $1 for share`, [code]);
}

/** Shipped ones are added once: what an office renamed, archived or set stays. */
export async function seed(tx: Transaction, table: Table, sources: readonly TopicSource[]): Promise<void> {
  for (const { code, name } of sources) await insert(tx, table, { code, nameVi: name.vi, nameEn: name.en });
}

/** @returns undefined when the code is taken; codes are never given free */
export async function insert<T extends LegalField>(
  tx: Transaction,
  table: Table,
  facts: { code: string; nameVi: string; nameEn: string; fatigueDays?: number },
): Promise<T | undefined> {
  const { code, nameVi, nameEn, fatigueDays } = facts;
  const values = [code, nameVi, nameEn, ...(fatigueDays === undefined ? [] : [fatigueDays])];
  return tx.row<T>(
    `insert into ${table} (code, name_vi, name_en${fatigueDays === undefined ? '' : ', fatigue_days'})
     values (${values.map((_, index) => `$${index + 1}`).join(', ')})
     on conflict (code) do nothing returning ${COLUMNS_OF[table]}`,
    values,
  );
}

/** @returns undefined when there is none of this code */
export function update<T extends LegalField>(
  tx: Transaction,
  table: Table,
  code: string,
  { nameVi, nameEn, fatigueDays, archived }: TopicChanges,
): Promise<T | undefined> {
  const cap = fatigueDays === undefined ? [] : [fatigueDays];
  return tx.row<T>(
    `update ${table} set name_vi = coalesce($2, name_vi), name_en = coalesce($3, name_en),
       archived_at = case when $4 then coalesce(archived_at, now()) when not $4 then null else archived_at end
       ${cap.length > 0 ? ', fatigue_days = $5' : ''}
     where code = $1 returning ${COLUMNS_OF[table]}`,
    [code, nameVi ?? null, nameEn ?? null, archived ?? null, ...cap],
  );
}
