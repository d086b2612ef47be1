import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { appendAudit } from '../../audit';
import { Config } from '../../platform/config';
import { Database, Transaction } from '../../platform/database/database';
import type { Actor } from '../../platform/http/actor';
import { Secrets } from '../../platform/secrets';
import { importNotFound, listNotFound } from '../subscriber-faults';
import { searchKey } from '../vietnamese-text';
import { findHeader, Header, HEADER_SEARCH_ROWS } from './header';
import {
  keepRejections,
  mergeStage,
  openStage,
  Rejection,
  StagedRow,
  stageRejections,
  stageRows,
} from './import.store';
import { noRows } from './read-faults';
import { judgeRow } from './row-verdict';
import { readSheet, SheetRow } from './read-sheet';

/** What became of every row of a file: rows = added + changed + unchanged + repeated + rejected. */
export interface ImportReport {
  readonly id: number;
  readonly listId: number;
  readonly fileName: string;
  readonly importedAt: Date;
  readonly headerRow: number;
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly repeated: number;
  readonly rejected: number;
  /** Rows taken although something about them should be looked at. */
  readonly warned: number;
}

const REPORT = `select id, list_id as "listId", file_name as "fileName", imported_at as "importedAt",
  header_row as "headerRow", columns, rows, added, changed, unchanged, repeated, rejected, warned from imports`;

/** What Excel itself allows in a cell. */
const LONGEST_CELL = 32_767;
const MOST_COLUMNS = 200;
/** An office file unpacks to some ten times its size. */
const UNPACKED_PER_UPLOADED = 40;

interface Tally {
  rows: number;
  staged: number;
  warned: number;
  header?: Header;
  rejected: number;
}

@Injectable()
export class ImportService {
  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly config: Config,
  ) {}

  /**
   * Takes a file into a list in one transaction: a fault of the whole file, or a crash, leaves no trace.
   *
   * @throws the faults of `readSheet` and `findHeader`, listNotFound
   */
  async run(actor: Actor, listId: number, file: { path: string; name: string }): Promise<ImportReport> {
    const [{ size }, sha256] = await Promise.all([stat(file.path), digestOf(file.path)]);
    return this.database.transaction(async (tx) => {
      const list = await tx.row('select id from subscriber_lists where id = $1', [listId]);
      if (!list) throw listNotFound({ id: listId });
      await openStage(tx);
      const tally = await this.stage(tx, file);
      if (tally.rows === 0) throw noRows();
      const counts = await mergeStage(tx, listId);
      const { rejected } = tally;
      const report = (await tx.row<ImportReport>(
        `with kept as (
           insert into imports (list_id, file_name, file_bytes, file_sha256, imported_by, header_row, columns,
             rows, added, changed, unchanged, repeated, rejected, warned)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning *
         ) ${REPORT.replace('from imports', 'from kept')}`,
        [
          listId,
          file.name,
          size,
          sha256,
          actor.id,
          tally.header!.headerRowNumber,
          JSON.stringify(columnTitles(tally.header!)),
          tally.rows,
          counts.added,
          counts.changed,
          counts.people - counts.added - counts.changed,
          tally.staged - counts.people,
          rejected,
          tally.warned,
        ],
      ))!;
      await keepRejections(tx, report.id);
      await appendAudit(tx, {
        actor,
        act: 'import.run',
        subject: `import:${report.id}`,
        details: { list: listId, sha256, rows: tally.rows, added: counts.added, changed: counts.changed, rejected },
      });
      return report;
    });
  }

  /** @throws importNotFound */
  async report(id: number): Promise<ImportReport> {
    const report = await this.database.row<ImportReport>(`${REPORT} where id = $1`, [id]);
    if (!report) throw importNotFound({ id });
    return report;
  }

  private async stage(tx: Transaction, file: { path: string; name: string }): Promise<Tally> {
    const tally: Tally = { rows: 0, staged: 0, warned: 0, rejected: 0 };
    let beforeHeader: SheetRow[] = [];
    const limits = {
      // Titles and headers are not counted as people.
      maxRows: this.config.IMPORT_MAX_ROWS + HEADER_SEARCH_ROWS,
      maxCellLength: LONGEST_CELL,
      maxColumns: MOST_COLUMNS,
      maxUncompressedBytes: this.config.UPLOAD_MAX_MB * UNPACKED_PER_UPLOADED * 1024 * 1024,
    };
    for await (const rows of readSheet(file.path, file.name, limits)) {
      let page: readonly SheetRow[] = rows;
      if (!tally.header) {
        beforeHeader = [...beforeHeader, ...rows];
        if (beforeHeader.length < HEADER_SEARCH_ROWS) continue;
        tally.header = findHeader(beforeHeader);
        page = beforeHeader;
      }
      await this.stagePage(tx, page, tally);
    }
    if (!tally.header) {
      tally.header = findHeader(beforeHeader);
      await this.stagePage(tx, beforeHeader, tally);
    }
    return tally;
  }

  private async stagePage(tx: Transaction, rows: readonly SheetRow[], tally: Tally): Promise<void> {
    const header = tally.header!;
    const staged: StagedRow[] = [];
    const rejections: Rejection[] = [];
    for (const row of rows) {
      if (row.rowNumber < header.firstDataRowNumber) continue;
      const verdict = judgeRow(row, header);
      if (!verdict) continue;
      tally.rows += 1;
      if (verdict.kind === 'rejected') {
        rejections.push(verdict);
        continue;
      }
      const { phone, fullName, areaName } = verdict;
      if (verdict.warnings.length > 0) tally.warned += 1;
      const areaKey = areaName === null ? null : searchKey(areaName);
      const phoneKey = this.secrets.phoneDigest(phone);
      staged.push({ rowNumber: row.rowNumber, phone, phoneKey, fullName, areaName, areaKey });
    }
    tally.staged += staged.length;
    tally.rejected += rejections.length;
    await stageRows(tx, staged);
    await stageRejections(tx, rejections);
  }
}

function columnTitles({ columns, titles }: Header): Record<string, string> {
  return Object.fromEntries(
    Object.entries(columns).flatMap(([field, index]) =>
      typeof index === 'number' ? [[field, titles[index] ?? '']] : [],
    ),
  );
}

async function digestOf(path: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), digest);
  return digest.digest('hex');
}
