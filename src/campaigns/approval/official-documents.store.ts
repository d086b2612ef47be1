import type { Transaction } from '../../platform/database/database';

export interface NewDocument {
  readonly number: string;
  readonly issuedOn: string;
  readonly signer: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly sha256: Buffer;
  readonly content: Buffer;
  readonly uploadedBy: string;
}

/** The same scan with the same number, day and signer is one document, whoever uploads it again. */
export async function insertDocument(tx: Transaction, document: NewDocument): Promise<{ id: number; isNew: boolean }> {
  const { number, issuedOn, signer, fileName, mediaType, sha256, content, uploadedBy } = document;
  const inserted = await tx.row<{ id: number }>(
    `insert into official_documents (number, issued_on, signer, file_name, media_type, size, sha256, content, uploaded_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict on constraint official_documents_once do nothing returning id`,
    [number, issuedOn, signer, fileName, mediaType, content.length, sha256, content, uploadedBy],
  );
  if (inserted) return { id: inserted.id, isNew: true };
  const known = await tx.row<{ id: number }>(
    'select id from official_documents where sha256 = $1 and number = $2 and issued_on = $3 and signer = $4',
    [sha256, number, issuedOn, signer],
  );
  return { id: known!.id, isNew: false };
}
