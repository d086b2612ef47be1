import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { appendAudit } from '../audit';
import { Config } from '../platform/config';
import { Database, Transaction } from '../platform/database/database';
import type { Localised } from '../platform/errors';
import type { Actor } from '../platform/http/actor';
import { Secrets } from '../platform/secrets';
import { findHeader, type Header, HEADER_SEARCH_ROWS, repeatsHeader } from './import/header';
import { noRows } from './import/read-faults';
import { readLimits } from './import/read-limits';
import { openSheet, type SheetRow } from './import/read-sheet';
import { rejectionText } from './import/rejection-texts';
import { openOptOutStage, recordStaged, stageOptOuts } from './opt-outs.store';
import { judgePhoneNumber } from './phone-number';
import { tidyName } from './vietnamese-text';

/** rows = recorded + alreadyOptedOut + repeated + rejected. */
export interface OptOutsFileReport {
  readonly rows: number;
  readonly recorded: number;
  readonly alreadyOptedOut: number;
  /** The number stands in an earlier row of the file. */
  readonly repeated: number;
  readonly rejected: number;
  /** The first hundred of them, for the office to mend and send again. */
  readonly rejectedRows: readonly RejectedNumber[];
}

export interface RejectedNumber {
  /** As Excel numbers it. */
  readonly row: number;
  /** The cell as the file has it, cut to 100 characters. */
  readonly value: string;
  readonly code: string;
  readonly message: Localised;
}

const MOST_REJECTED_SHOWN = 100;
const LONGEST_VALUE = 100;

interface Tally {
  rows: number;
  taken: number;
  rejected: number;
  readonly rejectedRows: RejectedNumber[];
}

/** Opt-outs that come as a file, such as a commune's list of people who do not want texts. */
@Injectable()
export class OptOutsFile {
  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly config: Config,
  ) {}

  /**
   * Records every number that can be read, in one transaction: a fault of the file, or a crash, records none. The others
   * are told row by row. The reason on record is the file's name and what the person said.
   *
   * @throws the faults of read-faults.ts
   */
  async record(actor: Actor, file: { path: string; name: string }, reason: string): Promise<OptOutsFileReport> {
    const sha256 = await digestOf(file.path);
    return this.database.transaction(async (tx) => {
      await openOptOutStage(tx);
      const { rows, taken, rejected, rejectedRows } = await this.stage(tx, file);
      if (rows === 0) throw noRows();
      const entry = { reason: `${tidyName(file.name)}: ${reason}`, recordedBy: actor.id };
      const { numbers, recorded } = await recordStaged(tx, entry);
      const counts = { rows, recorded, alreadyOptedOut: numbers - recorded, repeated: taken - numbers, rejected };
      await appendAudit(tx, { actor, act: 'opt-out.record-file', subject: `file:${sha256}`, details: counts });
      return { ...counts, rejectedRows };
    });
  }

  private async stage(tx: Transaction, file: { path: string; name: string }): Promise<Tally> {
    const tally: Tally = { rows: 0, taken: 0, rejected: 0, rejectedRows: [] };
    const sheet = await openSheet(file.path, file.name, readLimits(this.config), {});
    try {
      let header: Header | undefined;
      for await (const rows of withBeginning(sheet.rows())) {
        header ??= findHeader(rows);
        const taken = judgeNumbers(rows, header, tally);
        tally.taken += taken.length;
        await stageOptOuts(
          tx,
          taken.map((phone) => [phone, this.secrets.phoneDigest(phone)] as const),
        );
      }
    } finally {
      await sheet.close();
    }
    return tally;
  }
}

/** The first batch holds all rows among which the header is looked for. */
async function* withBeginning(batches: AsyncIterable<readonly SheetRow[]>): AsyncGenerator<readonly SheetRow[]> {
  const beginning: SheetRow[] = [];
  let hasBegun = false;
  for await (const rows of batches) {
    if (hasBegun) yield rows;
    else if (beginning.push(...rows) >= HEADER_SEARCH_ROWS) {
      hasBegun = true;
      yield beginning;
    }
  }
  if (!hasBegun) yield beginning;
}

/** The numbers of a batch of rows, E.164; counts the rows and notes those whose number cannot be read. */
function judgeNumbers(rows: readonly SheetRow[], header: Header, tally: Tally): string[] {
  return rows.flatMap((row) => {
    if (row.rowNumber < header.firstDataRowNumber) return [];
    tally.rows += 1;
    const value = row.cells[header.columns.phone] ?? '';
    const verdict = judgePhoneNumber(value);
    if (verdict.kind === 'accepted') return [verdict.phone];
    const code = repeatsHeader(row, header) ? 'repeated-header' : verdict.code;
    tally.rejected += 1;
    if (tally.rejectedRows.length < MOST_REJECTED_SHOWN) {
      const shown = tidyName(value).slice(0, LONGEST_VALUE);
      tally.rejectedRows.push({ row: row.rowNumber, value: shown, code, message: rejectionText(code) });
    }
    return [];
  });
}

async function digestOf(path: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), digest);
  return digest.digest('hex');
}
