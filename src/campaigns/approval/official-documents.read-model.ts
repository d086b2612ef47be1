import type { Queries } from '../../platform/database/database';

/** What is known of an official document without its bytes. */
export interface OfficialDocument {
  readonly id: number;
  readonly number: string;
  /** Local day, `2021-05-10`. */
  readonly issuedOn: string;
  readonly signer: string;
  readonly fileName: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** Of the scan, hexadecimal. */
  readonly sha256: string;
}

export function readDocument(queries: Queries, id: number): Promise<OfficialDocument | undefined> {
  return queries.row<OfficialDocument>(
    `select id, number, issued_on as "issuedOn", signer, file_name as "fileName", media_type as "mediaType", size,
       encode(sha256, 'hex') as sha256
     from official_documents where id = $1`,
    [id],
  );
}
