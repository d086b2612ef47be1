import { Transform } from 'node:stream';
import { Injectable, StreamableFile } from '@nestjs/common';
import { appendAudit } from '../../audit';
import { Database } from '../../platform/database/database';
import type { Language } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { csvDownload } from '../../platform/http/csv-download';
import { ImportService } from './import.service';
import { rejectionText } from './rejection-texts';

const HEADERS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  vi: { rowNumber: 'Dòng', column: 'Cột', value: 'Giá trị', code: 'Mã lỗi', reason: 'Lý do và cách xử lý' },
  en: { rowNumber: 'Row', column: 'Column', value: 'Value', code: 'Code', reason: 'Reason and what to do' },
};

/** Rejected rows hold numbers as the office wrote them: every download is on record. */
@Injectable()
export class RejectionsService {
  constructor(
    private readonly database: Database,
    private readonly imports: ImportService,
  ) {}

  async download(actor: Actor, importId: number, language: Language): Promise<StreamableFile> {
    await this.imports.report(importId);
    await this.database.transaction((tx) =>
      appendAudit(tx, { actor, act: 'import.download-rejections', subject: `import:${importId}` }),
    );
    const rows = await this.database.stream(
      `select row_number as "rowNumber", column_title as "column", value, code
       from import_rejections where import_id = $1 order by row_number`,
      [importId],
    );
    const explained = new Transform({
      objectMode: true,
      transform: (row: { code: string }, _encoding, done) =>
        done(null, { ...row, reason: rejectionText(row.code)[language] }),
    });
    rows.once('error', (error) => explained.destroy(error));
    explained.once('close', () => rows.destroy());
    const columns = Object.entries(HEADERS[language]).map(([key, header]) => ({ key, header }));
    return csvDownload(rows.pipe(explained), columns, `dong-loi-${importId}.csv`);
  }
}
