import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { appendAudit } from '../../audit';
import { Clock, localDay } from '../../platform/clock';
import { Database } from '../../platform/database/database';
import { fault } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { LOG, type Log } from '../../platform/observability/log';
import type { NewDocumentDto } from './official-documents.dto';
import { type OfficialDocument, readDocument, readScan } from './official-documents.read-model';
import { insertDocument } from './official-documents.store';
import { safeFileName, scanKind } from './scan-kind';

export const documentNotFound = fault('notFound', 'document.not-found', {
  vi: 'Không có văn bản số {id} trong hệ thống.',
  en: 'There is no official document {id}.',
});
export const issuedInFuture = fault(
  'invalid',
  'document.issued-in-future',
  {
    vi: 'Ngày ban hành ở tương lai. Hãy nhập đúng ngày ghi trên văn bản.',
    en: 'The day of issue is in the future. Enter the day that stands on the paper.',
  },
  'issuedOn',
);
export const documentNotIntact = fault('conflict', 'document.not-intact', {
  vi: 'Bản chụp của văn bản {id} khác với lúc tải lên nên không được đưa ra. Hãy báo người quản trị máy chủ.',
  en: 'The scan of document {id} is not what was uploaded and is withheld. Tell the administrator of the server.',
});

/** The papers behind campaigns. They are never changed: a wrong one is replaced by another. */
@Injectable()
export class OfficialDocuments {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** @throws notAScan, nameDiffers, issuedInFuture */
  async upload(actor: Actor, dto: NewDocumentDto, file: { name: string; content: Buffer }): Promise<OfficialDocument> {
    const { content } = file;
    const { mediaType } = scanKind(content, file.name);
    if (dto.issuedOn > localDay(this.clock.now())) throw issuedInFuture();
    return this.database.transaction(async (tx) => {
      const { id, isNew } = await insertDocument(tx, {
        number: dto.number.normalize('NFC').trim(),
        issuedOn: dto.issuedOn,
        signer: dto.signer.normalize('NFC').trim(),
        fileName: safeFileName(file.name),
        ...{ mediaType, content, sha256: hash('sha256', content, 'buffer'), uploadedBy: actor.id },
      });
      const details = { bytes: content.length };
      if (isNew) await appendAudit(tx, { actor, act: 'document.upload', subject: `document:${id}`, details });
      return (await readDocument(tx, id))!;
    });
  }

  /** @throws documentNotFound */
  async get(id: number): Promise<OfficialDocument> {
    const document = await readDocument(this.database, id);
    if (!document) throw documentNotFound({ id });
    return document;
  }

  /** The scan exactly as it was uploaded, or nothing. @throws documentNotFound, documentNotIntact */
  async download(id: number): Promise<{ document: OfficialDocument; content: Buffer }> {
    const document = await this.get(id);
    const content = await readScan(this.database, id);
    if (!content || hash('sha256', content, 'hex') !== document.sha256) {
      this.log.error(
        { document: id },
        'the scan of an official document differs from its SHA-256: the table was tampered with',
      );
      throw documentNotIntact({ id });
    }
    return { document, content };
  }
}
