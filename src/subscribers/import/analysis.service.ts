import { Injectable } from '@nestjs/common';
import { loadAreaMatcher } from '../areas/area-matcher';
import { Clock, localDay } from '../../platform/clock';
import { Config } from '../../platform/config';
import { storableJson } from '../../platform/database/copy-text';
import { Database, Transaction } from '../../platform/database/database';
import { Fault } from '../../platform/errors';
import { Secrets } from '../../platform/secrets';
import { fileGone } from './import-faults';
import { countRows, fillFromRepeats, writeRows } from './import-rows.store';
import { deleteRows, type ImportRecord, type KeptFault, showProgress } from './imports.store';
import { judgeByRegister, refreshStatistics } from './merge.store';
import { readLimits } from './read-limits';
import { openSheet } from './read-sheet';
import { readingOf } from './reading';
import { NO_ROWS, SheetReading } from './sheet-reading';

const SAMPLE_ROWS = 10;
const LONGEST_SAMPLE_CELL = 200;

/** Reads an uploaded file and says of every row what would become of it. Writes nothing but the import's own rows. */
@Injectable()
export class AnalysisService {
  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * In the caller's transaction: all rows and the reading, or nothing. What is wrong with the file only because of how it
   * is read (no column of numbers, another coding) is kept beside the reading, for a person to choose differently.
   *
   * @throws the faults of files that no choice mends
   */
  async run(tx: Transaction, record: ImportRecord, path: string): Promise<void> {
    const { settings, fileName } = record;
    await deleteRows(tx, record.id);
    const areas = await loadAreaMatcher(tx, { asOf: settings.listDay ?? localDay(this.clock.now()) });
    const choice = { sheet: settings.sheet, coding: settings.coding };
    const sheet = await openSheet(path, fileName, readLimits(this.config), choice);
    try {
      const reading = new SheetReading(sheet, record, { areas, secrets: this.secrets });
      const fault = await this.writeAll(tx, record, reading);
      if (!fault) await this.judge(tx, record, reading);
      await keepAnalysis(tx, record, reading, fault);
    } finally {
      await sheet.close();
    }
  }

  /** Returns what is wrong with the file as it was read; nothing of it is written then. */
  private async writeAll(tx: Transaction, { id }: ImportRecord, reading: SheetReading): Promise<KeptFault | undefined> {
    await tx.run('savepoint reading');
    try {
      await writeRows(
        tx,
        reading.lines((rows) => showProgress(this.database, id, rows)),
      );
      return undefined;
    } catch (error) {
      const fault = asKeptFault(error);
      await tx.run('rollback to savepoint reading');
      return fault;
    }
  }

  private async judge(tx: Transaction, record: ImportRecord, reading: SheetReading): Promise<void> {
    if (reading.repeats > 0) {
      await refreshStatistics(tx);
      await fillFromRepeats(tx, record.id);
    }
    await judgeByRegister(tx, record);
    reading.counts = await countRows(tx, record.id);
  }
}

async function keepAnalysis(
  tx: Transaction,
  record: ImportRecord,
  reading: SheetReading,
  fault: KeptFault | undefined,
): Promise<void> {
  const { header, counts, beginning, sheet } = reading;
  const { added, changed, unchanged, repeated, rejected, warned, optedOut } = fault ? NO_ROWS : counts;
  const sample = (fault ? beginning.slice(0, SAMPLE_ROWS) : reading.sample).map(({ rowNumber, cells }) => ({
    rowNumber,
    cells: cells.map((cell) => cell.slice(0, LONGEST_SAMPLE_CELL)),
  }));
  const kept = await tx.run(
    `update imports set state = 'analysed', revision = revision + 1, tries = 0, analysed_at = now(), reading = $2, sample = $3,
       header_row = $4, fault = $5, rows = $6, progress_rows = $6, added = $7, changed = $8, unchanged = $9, repeated = $10,
       rejected = $11, warned = $12, opted_out = $13
     where id = $1 and state = 'uploaded'`,
    [
      record.id,
      storableJson(readingOf(sheet, header, beginning, record.fileName)),
      storableJson(sample),
      header?.headerRowNumber ?? null,
      fault ? storableJson(fault) : null,
      fault ? 0 : reading.rows,
      added,
      changed,
      unchanged,
      repeated,
      rejected,
      warned,
      optedOut,
    ],
  );
  // Somebody in the file had his data erased meanwhile: what was read of it must not be kept.
  if (kept === 0) throw fileGone();
}

/** A file that is too large stays too large whatever is chosen; other faults may be mended by another choice. */
function asKeptFault(error: unknown): KeptFault {
  if (!(error instanceof Fault) || error.kind === 'tooLarge') throw error;
  return { kind: error.kind, code: error.code, text: error.text };
}
