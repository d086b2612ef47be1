import { createReadStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { appendAudit } from '../../audit';
import { Database, Transaction } from '../../platform/database/database';
import { Fault } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { listNotFound } from '../subscriber-faults';
import {
  changedMeanwhile,
  fileGone,
  hasFault,
  importNotFound,
  listIsOver,
  notNow,
  nothingToTake,
  rowsEmptied,
  sensitiveData,
} from './import-faults';
import { ACTS, allowedActs, type ImportAct, type ImportState, isWorking } from './import-lifecycle';
import { DEFAULT_SETTINGS, type ImportSettings, mustReadAgain } from './import-settings';
import { ImportWork } from './import-work';
import {
  deleteFile,
  deleteRows,
  findImport,
  hasFile,
  type ImportRecord,
  insertImport,
  keepFile,
  lockImport,
} from './imports.store';

const LOOK_AGAIN_MS = 100;

export interface UploadedFile {
  readonly path: string;
  readonly name: string;
}

/** What people do with imports. The work itself is done by ImportWork; whoever asks may wait for it. */
@Injectable()
export class ImportService {
  constructor(
    private readonly database: Database,
    private readonly imports: ImportWork,
  ) {}

  /**
   * Takes a file in and has it analysed.
   *
   * @param waitSeconds how long to wait for the analysis
   * @throws listNotFound; while waiting also the fault of a file that cannot be read
   */
  async upload(
    actor: Actor,
    listId: number,
    file: UploadedFile,
    choice: Partial<ImportSettings>,
    waitSeconds: number,
  ): Promise<ImportRecord> {
    // From here on the work owns the file, and outlives the request.
    const path = `${file.path}.import`;
    await rename(file.path, path);
    const id = await this.database
      .transaction(async (tx) => {
        const list = await tx.row<{ isOver: boolean }>(
          `select retain_until < (now() at time zone 'Asia/Ho_Chi_Minh')::date as "isOver"
           from subscriber_lists where id = $1 for key share`,
          [listId],
        );
        if (!list) throw listNotFound({ id: listId });
        if (list.isOver) throw listIsOver();
        const settings = { ...DEFAULT_SETTINGS, ...choice };
        const importId = await insertImport(tx, { listId, fileName: file.name, settings, createdBy: actor.id });
        const kept = await keepFile(tx, importId, createReadStream(path, { highWaterMark: 1024 * 1024 }));
        const details = { list: listId, ...kept };
        await appendAudit(tx, { actor, act: 'import.upload', subject: `import:${importId}`, details });
        return importId;
      })
      .catch(async (error: unknown) => {
        await rm(path, { force: true });
        throw error;
      });
    const record = await this.worked(id, waitSeconds, path);
    if (record.state === 'failed') throw faultOf(record);
    return record;
  }

  /** @throws importNotFound, notNow, fileGone */
  async choose(actor: Actor, id: number, choice: Partial<ImportSettings>, waitSeconds: number): Promise<ImportRecord> {
    const again = mustReadAgain(choice);
    await this.database.transaction(async (tx) => {
      const record = await this.locked(tx, id, 'choose');
      if (again && !(await hasFile(tx, id))) throw fileGone();
      const settings = { ...record.settings, ...choice };
      await tx.run('update imports set settings = $2, revision = revision + 1, state = $3 where id = $1', [
        id,
        JSON.stringify(settings),
        again ? 'uploaded' : record.state,
      ]);
      const details = { changed: Object.keys(choice) };
      await appendAudit(tx, { actor, act: 'import.choose', subject: `import:${id}`, details });
    });
    return again ? this.worked(id, waitSeconds) : this.one(id);
  }

  /**
   * @param revision the analysis that was looked at
   * @throws importNotFound, notNow, changedMeanwhile, hasFault, sensitiveData, nothingToTake
   */
  async confirm(actor: Actor, id: number, revision: number, waitSeconds: number): Promise<ImportRecord> {
    await this.database.transaction(async (tx) => {
      const record = await this.locked(tx, id, 'confirm');
      if (record.revision !== revision) throw changedMeanwhile();
      checkConfirmable(record);
      await this.move(tx, record, 'confirm', 'confirmed_by = $3, confirmed_at = now(), fault = null', actor);
      const { sensitiveBasis } = record.settings;
      const details = { list: record.listId, rows: record.rows, sensitive: sensitiveBasis !== undefined };
      await appendAudit(tx, { actor, act: 'import.confirm', subject: `import:${id}`, details });
    });
    return this.worked(id, waitSeconds);
  }

  /** @throws importNotFound, notNow, rowsEmptied */
  async undo(actor: Actor, id: number, reason: string, waitSeconds: number): Promise<ImportRecord> {
    await this.database.transaction(async (tx) => {
      const record = await this.locked(tx, id, 'undo');
      if (record.emptiedAt !== null) throw rowsEmptied();
      await this.move(tx, record, 'undo', 'undone_by = $3', actor);
      await tx.run('update imports set undo_reason = $2 where id = $1', [id, reason]);
      await appendAudit(tx, { actor, act: 'import.undo', subject: `import:${id}` });
    });
    return this.worked(id, waitSeconds);
  }

  /** Deletes the file and its rows; what is left says that there was such a file. @throws importNotFound, notNow */
  async discard(actor: Actor, id: number): Promise<ImportRecord> {
    await this.database.transaction(async (tx) => {
      const record = await this.locked(tx, id, 'discard');
      await deleteFile(tx, id);
      await deleteRows(tx, id);
      await this.move(tx, record, 'discard', 'sample = null, emptied_at = now(), confirmed_by = null', actor);
      await appendAudit(tx, { actor, act: 'import.discard', subject: `import:${id}` });
    });
    return this.one(id);
  }

  /** @throws importNotFound */
  async one(id: number): Promise<ImportRecord> {
    const record = await findImport(this.database, id);
    if (!record) throw importNotFound({ id });
    return record;
  }

  /** Has the work done here, and the import as it is then, or after so many seconds. */
  private async worked(id: number, waitSeconds: number, path?: string): Promise<ImportRecord> {
    const patience = new AbortController();
    const work = this.imports.start(id, path).finally(() => patience.abort());
    await Promise.race([
      work,
      sleep(waitSeconds * 1_000, undefined, { signal: patience.signal }).catch(() => undefined),
    ]);
    return this.one(id);
  }

  /** The import once nothing is being done with it, or as it is after so many seconds. @throws importNotFound */
  async settled(id: number, waitSeconds: number): Promise<ImportRecord> {
    const until = performance.now() + waitSeconds * 1_000;
    for (;;) {
      const record = await this.one(id);
      const left = until - performance.now();
      if (!isWorking(record.state) || left <= 0) return record;
      await sleep(Math.min(LOOK_AGAIN_MS, left));
    }
  }

  private async locked(tx: Transaction, id: number, act: ImportAct): Promise<ImportRecord> {
    const record = await lockImport(tx, id);
    if (!record) throw importNotFound({ id });
    if (!ACTS[act][record.state]) {
      throw notNow({ state: record.state, allowed: allowedActs(record.state).join(', ') || '–' });
    }
    return record;
  }

  private async move(
    tx: Transaction,
    { id, state }: ImportRecord,
    act: ImportAct,
    also: string,
    actor: Actor,
  ): Promise<void> {
    const next: ImportState = ACTS[act][state]!;
    await tx.run(
      `update imports set state = $2, revision = revision + 1, tries = 0, progress_rows = 0, ${also} where id = $1`,
      also.includes('$3') ? [id, next, actor.id] : [id, next],
    );
  }
}

function checkConfirmable(record: ImportRecord): void {
  if (record.fault && record.rows === 0) throw hasFault();
  const { sensitive } = record.reading!;
  if (sensitive.length > 0 && record.settings.sensitiveBasis === undefined) {
    throw sensitiveData({ titles: sensitive.map(({ title }) => `"${title}"`).join(', ') });
  }
  if (record.rows === record.rejected) throw nothingToTake();
}

function faultOf({ fault }: ImportRecord): Fault {
  return new Fault(fault!.kind, fault!.code, fault!.text);
}
