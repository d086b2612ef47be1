import type { Database } from '../../src/platform/database/database';

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

/** Digests stay after an erasure: that is what they are for. */
const DIGESTS = new Set(['phone_key', 'digest', 'hash', 'key_hash', 'token_hash']);

/**
 * Every place of the whole database where one of the texts stands: `table.column`. Numbers are found in any spelling (by
 * their digits), names in any case. Columns are taken from the catalogue, so that no new table is forgotten.
 */
export async function findTraces(
  database: Database,
  { digits, names }: { digits: readonly string[]; names: readonly string[] },
): Promise<string[]> {
  const columns = await database.rows<Column>(
    `select c.table_name as table, c.column_name as column, c.data_type as type
     from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
       and c.data_type in ('text', 'character varying', 'json', 'jsonb', 'bytea', 'ARRAY')
     order by 1, 2`,
  );
  const found: string[] = [];
  for (const { table, column, type } of columns) {
    if (DIGESTS.has(column)) continue;
    const { count } = (await database.row<{ count: number }>(
      `select count(*) as count from "${table}" where ${conditionFor(column, type)}`,
      type === 'bytea' ? [[...digits, ...names].map((text) => Buffer.from(text))] : [likes(digits), likes(names)],
    ))!;
    if (count > 0) found.push(`${table}.${column}`);
  }
  return found;
}

function conditionFor(column: string, type: string): string {
  if (type === 'bytea') return `exists (select from unnest($1::bytea[]) part where position(part in "${column}") > 0)`;
  const text = `"${column}"::text`;
  return `regexp_replace(${text}, '[^0-9]+', '', 'g') like any($1::text[]) or lower(${text}) like any($2::text[])`;
}

const likes = (texts: readonly string[]): string[] => texts.map((text) => `%${text.toLowerCase()}%`);
