import type { Readable } from 'node:stream';
import type { Database, Queries } from '../../platform/database/database';
import type { JudgedRow } from './row-findings';

export const ROW_VERDICTS = ['added', 'changed', 'unchanged', 'repeated', 'rejected'] as const;
export type RowVerdict = (typeof ROW_VERDICTS)[number];

export interface ImportRow extends JudgedRow {
  readonly rowNumber: number;
  readonly verdict: RowVerdict;
  readonly optedOut: boolean;
  readonly phone: string | null;
  readonly fullName: string | null;
  readonly areaText: string | null;
}

export interface RowFilter {
  readonly verdict?: RowVerdict;
  readonly code?: string;
  /** Only rows of which something is to be said. */
  readonly onlyFindings?: boolean;
  readonly optedOut?: boolean;
  readonly after: number;
  readonly limit: number;
}

const COLUMNS = `row_number as "rowNumber", verdict, opted_out as "optedOut", phone, full_name as "fullName",
  area_text as "areaText", codes, fault_column as "faultColumn", first_row as "firstRow", cells`;

/** Pages by primary key; a filter that few rows meet reads on until it finds them (1,000,000 rows: 0.2 s). */
export function findRows(queries: Queries, importId: number, filter: RowFilter): Promise<ImportRow[]> {
  return queries.rows<ImportRow>(
    `select ${COLUMNS} from import_rows
     where import_id = $1 and row_number > $2
       and ($3::text is null or verdict = $3)
       and ($4::text is null or codes @> array[$4])
       and ($5::boolean is not true or codes is not null or verdict = 'repeated')
       and ($6::boolean is null or opted_out = $6)
     order by row_number limit $7`,
    [
      importId,
      filter.after,
      filter.verdict ?? null,
      filter.code ?? null,
      filter.onlyFindings ?? null,
      filter.optedOut ?? null,
      filter.limit,
    ],
  );
}

/** Which codes occur, most often first. */
export function countCodes(
  queries: Queries,
  importId: number,
): Promise<{ code: string; verdict: string; rows: number }[]> {
  return queries.rows(
    `select code, verdict, count(*) as rows
     from (select case verdict when 'rejected' then 'rejected' else 'warned' end as verdict, unnest(codes) as code
       from import_rows where import_id = $1 and codes is not null) c
     group by code, verdict order by rows desc, code`,
    [importId],
  );
}

/** All rows in their order, or the rejected ones alone. */
export function streamRows(database: Database, importId: number, rejectedOnly: boolean): Promise<Readable> {
  return database.stream(
    `select ${COLUMNS} from import_rows where import_id = $1 and (not $2 or verdict = 'rejected') order by row_number`,
    [importId, rejectedOnly],
  );
}
