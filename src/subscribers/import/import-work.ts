import { createWriteStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { randomUUID } from 'node:crypto';
import { BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Cron, Interval } from '@nestjs/schedule';
import { appendAudit } from '../../audit';
import { Config } from '../../platform/config';
import { storableJson } from '../../platform/database/copy-text';
import { Database, Transaction } from '../../platform/database/database';
import { Fault } from '../../platform/errors';
import { type Actor, SYSTEM } from '../../platform/http/actor';
import { LOG, type Log } from '../../platform/observability/log';
import { lockRegister } from '../register-lock';
import { AnalysisService } from './analysis.service';
import { fileGone, gaveUp } from './import-faults';
import { isWorking, WORK, type WorkingState } from './import-lifecycle';
import {
  deleteFile,
  deleteFilesNotNeeded,
  forgetRows,
  findImport,
  type ImportRecord,
  type KeptFault,
  readFile,
  showProgress,
} from './imports.store';
import { finishMerge, lastRow, mergeSlice, refreshStatistics, SLICE_ROWS, sortInMemory } from './merge.store';
import { finishUndo, undoImport } from './undo.store';

/** Any number; with the import's id it names the lock that says who works on it. */
const IMPORT_LOCK = 7_402_212;
/** A crash may come at any time; a file that crashes the service each time must not do so for ever. */
const MOST_TRIES = 20;
const AT_ONCE = 2;
/** Fewer than these autovacuum notices soon enough. */
const ROWS_WORTH_A_LOOK = 10_000;
const UPLOADS_KEPT_MS = 6 * 3_600_000;

/**
 * Does the work of imports: reading, merging, undoing, each in one transaction, so that a crash leaves no trace and the
 * work begins anew. Whoever holds the import's lock in the database works on it; the lock dies with its connection, so
 * that another instance, or this one after its restart, goes on without waiting for a lease.
 */
@Injectable()
export class ImportWork implements BeforeApplicationShutdown {
  private readonly running = new Map<number, Promise<void>>();
  private readonly waiting: (() => void)[] = [];
  private working = 0;
  private stopping = false;
  private hasGrown = false;

  constructor(
    private readonly database: Database,
    private readonly config: Config,
    @Inject(LOG) private readonly log: Log,
    private readonly analysis: AnalysisService,
  ) {}

  /** Does the work of an import's present state; `uploadedPath` saves fetching the file. */
  start(id: number, uploadedPath?: string): Promise<void> {
    const known = this.running.get(id);
    // What is just ending may be the work of the state before.
    if (known) return known.then(() => this.start(id, uploadedPath));
    if (this.stopping) return uploadedPath ? rm(uploadedPath, { force: true }) : Promise.resolve();
    const work = this.inTurn(() => this.attempt(id, uploadedPath))
      .catch((error: unknown) =>
        this.log.error({ err: error, import: id }, 'the work of an import failed; it is tried again'),
      )
      .finally(() => this.running.delete(id));
    this.running.set(id, work);
    return work;
  }

  /** Goes on with what an instance left unfinished. */
  @Cron('*/5 * * * * *', { waitForCompletion: true })
  async resume(): Promise<void> {
    const unfinished = this.database.rows<{ id: number }>(
      `select id from imports where state in ('uploaded', 'confirmed', 'undoing') order by id`,
    );
    const ids = await unfinished.catch((error: unknown) => {
      this.log.warn({ err: error }, 'unfinished imports could not be looked for, the next bell does');
      return [];
    });
    for (const { id } of ids) if (!this.running.has(id)) void this.start(id);
  }

  /** Files that are not needed any more; and what the planner knows of tables that grew by a whole list. */
  @Cron('*/10 * * * * *', { waitForCompletion: true })
  async tidyUp(): Promise<void> {
    try {
      await deleteFilesNotNeeded(this.database);
      if (!this.hasGrown) return;
      this.hasGrown = false;
      await this.database.run('analyze subscribers, list_members, import_rows');
    } catch (error) {
      this.log.warn({ err: error }, 'tidying up after imports failed, the next bell does it');
    }
  }

  /** A service that was killed leaves its temporary files behind. */
  @Interval(3_600_000)
  async sweepUploads(): Promise<void> {
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name);
      const found = await stat(path).catch(() => undefined);
      if (found && Date.now() - found.mtimeMs > UPLOADS_KEPT_MS) await rm(path, { force: true });
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.running.values());
  }

  /** Reading takes memory: no more than two files at once, the others wait. */
  private async inTurn(work: () => Promise<void>): Promise<void> {
    if (this.working >= AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.working += 1;
    try {
      await work();
    } finally {
      this.working -= 1;
      this.waiting.shift()?.();
    }
  }

  private async attempt(id: number, uploadedPath?: string): Promise<void> {
    try {
      await this.database.transaction(async (tx) => {
        const { free } = (await tx.row<{ free: boolean }>('select pg_try_advisory_xact_lock($1, $2) as free', [
          IMPORT_LOCK,
          id,
        ]))!;
        const record = free ? await findImport(tx, id) : undefined;
        if (!record || !isWorking(record.state)) return;
        await this.countTry(record);
        await this.work(tx, record, record.state, uploadedPath);
      });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      await this.giveUp(id, { kind: error.kind, code: error.code, text: error.text });
    } finally {
      if (uploadedPath) await rm(uploadedPath, { force: true });
    }
  }

  /** Committed at once and by itself, so that it counts even if the service dies of the work. @throws gaveUp */
  private async countTry({ id }: ImportRecord): Promise<void> {
    const counted = await this.database.run(
      'update imports set tries = tries + 1, progress_rows = 0 where id = $1 and tries < $2',
      [id, MOST_TRIES],
    );
    if (counted === 0) throw gaveUp({ tries: MOST_TRIES });
  }

  private async work(tx: Transaction, record: ImportRecord, state: WorkingState, uploadedPath?: string): Promise<void> {
    if (state === 'uploaded') await this.read(tx, record, uploadedPath);
    else if (state === 'confirmed') await this.merge(tx, record);
    else await this.undo(tx, record);
  }

  private async read(tx: Transaction, record: ImportRecord, uploadedPath?: string): Promise<void> {
    if (uploadedPath) return this.analysis.run(tx, record, uploadedPath);
    const path = join(this.folder, randomUUID());
    try {
      await pipeline(Readable.from(readFile(this.database, record.id)), createWriteStream(path, { mode: 0o600 }));
      if ((await stat(path)).size !== record.fileBytes) throw fileGone();
      await this.analysis.run(tx, record, path);
    } finally {
      await rm(path, { force: true });
    }
  }

  private async merge(tx: Transaction, { id }: ImportRecord): Promise<void> {
    await lockRegister(tx);
    // An erasure that had the register before may have changed rows and counts.
    const record = (await findImport(tx, id))!;
    if (record.state !== 'confirmed') return;
    await sortInMemory(tx);
    if (record.changed + record.unchanged + record.optedOut > 0) await refreshStatistics(tx);
    const last = await lastRow(tx, record.id);
    let mended = 0;
    let joined = 0;
    for (let from = 0; from < last; from += SLICE_ROWS) {
      const slice = await mergeSlice(tx, record, from, record.confirmedBy!);
      mended += slice.mended;
      joined += slice.joined;
      showProgress(this.database, record.id, Math.min(from + SLICE_ROWS, record.rows));
    }
    await finishMerge(tx, record, { joined, mended });
    this.hasGrown ||= record.rows >= ROWS_WORTH_A_LOOK;
    const details = { list: record.listId, sha256: record.fileSha256, joined };
    await appendAudit(tx, {
      actor: actorOf(record.confirmedBy!),
      act: 'import.done',
      subject: `import:${record.id}`,
      details,
    });
  }

  private async undo(tx: Transaction, record: ImportRecord): Promise<void> {
    await lockRegister(tx);
    await refreshStatistics(tx);
    const counts = await undoImport(tx, record, record.undoneBy!);
    await finishUndo(tx, record, counts);
    const details = { list: record.listId, ...counts };
    await appendAudit(tx, {
      actor: actorOf(record.undoneBy!),
      act: 'import.undone',
      subject: `import:${record.id}`,
      details,
    });
  }

  /** The work cannot be done: the import goes to where a person decides, with the reason. */
  private async giveUp(id: number, fault: KeptFault): Promise<void> {
    if (fault.code === gaveUp.code) this.log.error({ import: id }, 'an import was given up after too many failures');
    await this.database.transaction(async (tx) => {
      const record = await findImport(tx, id);
      if (!record || !isWorking(record.state)) return;
      // A file that was read before may be read as before again.
      const wasRead = record.state === 'uploaded' && record.reading !== null && fault.kind !== 'tooLarge';
      const next = wasRead ? 'analysed' : WORK[record.state].givenUp;
      await tx.run(
        `update imports set state = $3, revision = revision + 1, tries = 0, fault = $4 where id = $1 and state = $2`,
        [id, record.state, next, storableJson(fault)],
      );
      if (record.state === 'uploaded') await forgetRows(tx, id);
      if (next === 'failed') await deleteFile(tx, id);
    });
  }

  private get folder(): string {
    return join(this.config.DATA_DIR, 'uploads');
  }
}

/** Who asked for the work; the permissions were checked then. */
function actorOf(id: string): Actor {
  return { ...SYSTEM, id };
}
