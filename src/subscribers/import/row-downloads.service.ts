import { Readable } from 'node:stream';
import { Injectable, StreamableFile } from '@nestjs/common';
import { appendAudit } from '../../audit';
import { Database } from '../../platform/database/database';
import type { Language } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { csvDownload } from '../../platform/http/csv-download';
import { MOST_XLSX_ROWS, xlsxDownload } from '../../platform/http/xlsx-download';
import { importNotFound, rowsEmptied, tooManyForXlsx } from './import-faults';
import { type ImportRow, streamRows } from './import-rows.read-model';
import { findImport, type ImportRecord } from './imports.store';
import { findingsOf } from './row-findings';

export type DownloadKind = 'rejected-rows' | 'verdicts';
export type DownloadFormat = 'csv' | 'xlsx';

const REASONS: Readonly<Record<Language, readonly string[]>> = {
  vi: ['Dòng trong tệp gốc', 'Mã lỗi', 'Lý do và cách xử lý'],
  en: ['Row in the original file', 'Code', 'Reason and what to do'],
};
const VERDICTS: Readonly<Record<Language, readonly string[]>> = {
  vi: ['Dòng', 'Kết quả', 'Từ chối nhận tin', 'Cột', 'Tên cột', 'Giá trị', 'Mã', 'Lý do và cách xử lý'],
  en: ['Row', 'Verdict', 'Opted out', 'Column', 'Title', 'Value', 'Code', 'Reason and what to do'],
};
const WORDS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  vi: {
    added: 'mới',
    changed: 'thay đổi',
    unchanged: 'không đổi',
    repeated: 'trùng trong tệp',
    rejected: 'bị loại',
    yes: 'có',
  },
  en: {
    added: 'new',
    changed: 'changed',
    unchanged: 'unchanged',
    repeated: 'repeated',
    rejected: 'rejected',
    yes: 'yes',
  },
};

/** Rows of an import as files. They hold numbers as the office wrote them: every download is on record. */
@Injectable()
export class RowDownloads {
  constructor(private readonly database: Database) {}

  /**
   * `rejected-rows`: the rejected rows in the office's own columns, the reasons at their right, to be mended and sent again.
   * `verdicts`: what became of every row.
   *
   * @throws importNotFound, rowsEmptied, tooManyForXlsx
   */
  async download(
    actor: Actor,
    id: number,
    { kind, format }: { kind: DownloadKind; format: DownloadFormat },
    language: Language,
  ): Promise<StreamableFile> {
    const record = await findImport(this.database, id);
    if (!record) throw importNotFound({ id });
    if (record.emptiedAt !== null) throw rowsEmptied();
    const size = kind === 'verdicts' ? record.rows : record.rejected;
    if (format === 'xlsx' && size >= MOST_XLSX_ROWS) throw tooManyForXlsx();
    await this.database.transaction((tx) =>
      appendAudit(tx, { actor, act: `import.download-${kind}`, subject: `import:${id}`, details: { format } }),
    );
    const rows = await streamRows(this.database, id, kind === 'rejected-rows');
    const { titles, lines } = kind === 'verdicts' ? verdicts(record, rows, language) : rejected(record, rows, language);
    const table = Readable.from(lines);
    table.once('close', () => rows.destroy());
    const name = `${kind === 'verdicts' ? 'ket-qua' : 'dong-loi'}-${id}.${format}`;
    if (format === 'xlsx') return xlsxDownload(table, titles, name);
    return csvDownload(
      table,
      titles.map((header, at) => ({ key: String(at), header })),
      name,
    );
  }
}

interface Table {
  readonly titles: readonly string[];
  readonly lines: AsyncIterable<readonly string[]>;
}

function rejected(record: ImportRecord, rows: AsyncIterable<ImportRow>, language: Language): Table {
  const reading = record.reading!;
  const width = Math.max(1, reading.titles.length);
  async function* lines(): AsyncGenerator<string[]> {
    for await (const row of rows) {
      const findings = findingsOf(row, reading, language);
      const own = Array.from({ length: Math.max(width, row.cells?.length ?? 0) }, (_, at) => row.cells?.[at] ?? '');
      const codes = findings.map(({ code }) => code).join(', ');
      yield [...own.slice(0, width), String(row.rowNumber), codes, findings.map(({ message }) => message).join(' ')];
    }
  }
  const own = Array.from({ length: width }, (_, at) => reading.titles[at] ?? '');
  return { titles: [...own, ...REASONS[language]], lines: lines() };
}

function verdicts(record: ImportRecord, rows: AsyncIterable<ImportRow>, language: Language): Table {
  const words = WORDS[language];
  async function* lines(): AsyncGenerator<string[]> {
    for await (const row of rows) {
      const start = [String(row.rowNumber), words[row.verdict]!, row.optedOut ? words.yes! : ''];
      const findings = findingsOf(row, record.reading!, language);
      if (findings.length === 0) yield [...start, '', '', '', '', ''];
      for (const { column, title, value, code, message } of findings) {
        yield [...start, column, title, value, code, message];
      }
    }
  }
  return { titles: VERDICTS[language], lines: lines() };
}
