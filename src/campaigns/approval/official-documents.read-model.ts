import { formatLocalTime } from '../../platform/clock';
import type { Queries } from '../../platform/database/database';

/** The paper behind a campaign, without its scan. */
export interface OfficialDocument {
  readonly id: number;
  /** As it stands on the paper: `12/STP-PBGDPL`. */
  readonly number: string;
  /** `2021-05-04`. */
  readonly issuedOn: string;
  readonly signer: string;
  /** Of the scan, hexadecimal. */
  readonly sha256: string;
  readonly fileName: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  readonly uploadedBy: string;
  readonly uploadedAt: string;
}

const COLUMNS = `id, number, issued_on as "issuedOn", signer, encode(sha256, 'hex') as sha256, file_name as "fileName",
  media_type as "mediaType", size, uploaded_by as "uploadedBy", uploaded_at as "uploadedAt"`;

type Row = Omit<OfficialDocument, 'uploadedAt'> & { readonly uploadedAt: Date };

const asDocument = (row: Row): OfficialDocument => ({ ...row, uploadedAt: formatLocalTime(row.uploadedAt) });

export async function readDocument(queries: Queries, id: number): Promise<OfficialDocument | undefined> {
  const row = await queries.row<Row>(`select ${COLUMNS} from official_documents where id = $1`, [id]);
  return row && asDocument(row);
}

/** Newest first; `before` is the id the page before ended with. */
export async function findDocuments(
  queries: Queries,
  { before, limit }: { before?: number; limit: number },
): Promise<OfficialDocument[]> {
  const rows = await queries.rows<Row>(
    `select ${COLUMNS} from official_documents where $1::int is null or id < $1 order by id desc limit $2`,
    [before ?? null, limit],
  );
  return rows.map(asDocument);
}

/** The scan, at most some megabytes. */
export async function readScan(queries: Queries, id: number): Promise<Buffer | undefined> {
  const row = await queries.row<{ content: Buffer }>('select content from official_documents where id = $1', [id]);
  return row?.content;
}
