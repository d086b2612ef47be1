import type { Queries } from '../src/platform/database/database';

/** Each query gives lines in a fixed order; together they say everything the migrations make. */
const QUERIES: readonly string[] = [
  `select format('%s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
     case when a.attnotnull then ' not null' end,
     case when a.attidentity <> '' then ' identity' when d.oid is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) end) as line
   from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
   join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where c.relkind in ('r', 'v', 'm', 'p') order by c.relname, a.attnum`,
  `select format('constraint %s on %s: %s', k.conname, k.conrelid::regclass, pg_get_constraintdef(k.oid)) as line
   from pg_constraint k join pg_namespace n on n.oid = k.connamespace and n.nspname = 'public'
   where k.contype <> 'n' order by k.conrelid::regclass::text, k.conname`,
  `select indexdef as line from pg_indexes where schemaname = 'public' order by tablename, indexname`,
  `select pg_get_triggerdef(t.oid) as line from pg_trigger t where not t.tgisinternal order by tgrelid::regclass::text, tgname`,
  `select pg_get_functiondef(p.oid) as line from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where n.nspname = 'public' order by p.proname`,
  `select format('storage of %s: %s', c.relname, array_to_string(c.reloptions, ', ')) as line
   from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
   where c.reloptions is not null order by c.relname`,
];

/** The schema as text: columns, constraints, indexes, triggers, functions, storage. */
export async function describeSchema(database: Queries): Promise<string> {
  const parts: string[] = [];
  for (const query of QUERIES) {
    const rows = await database.rows<{ line: string }>(query);
    parts.push(rows.map(({ line }) => line.trimEnd()).join('\n'));
  }
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}
