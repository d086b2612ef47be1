import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from '../../src/platform/errors';
import {
  type OpenedSheet,
  openSheet,
  type ReadChoice,
  type ReadLimits,
  type SheetRow,
} from '../../src/subscribers/import/read-sheet';
import { type Parts, writeZip } from './make-xlsx';

const LIMITS: ReadLimits = {
  maxRows: 100_000,
  maxCellLength: 500,
  maxColumns: 50,
  maxUncompressedBytes: 20 * 1024 * 1024,
};

/** Opens files as an import does, from a folder that lives as long as the spec. */
export class Workbooks {
  private readonly folder = mkdtempSync(join(tmpdir(), 'tinluat-workbooks-'));
  private files = 0;

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  async file(content: Buffer | Parts): Promise<string> {
    this.files += 1;
    const path = join(this.folder, String(this.files));
    if (Buffer.isBuffer(content)) await writeFile(path, content);
    else await writeZip(path, content);
    return path;
  }

  /** What is said of a file, and all of its rows. */
  async open(
    content: Buffer | Parts,
    name: string,
    choice: ReadChoice = {},
    limits: Partial<ReadLimits> = {},
  ): Promise<OpenedSheet & { all: SheetRow[]; cells: (readonly string[])[] }> {
    const opened = await openSheet(await this.file(content), name, { ...LIMITS, ...limits }, choice);
    try {
      const all: SheetRow[] = [];
      for await (const rows of opened.rows()) all.push(...rows);
      return { ...opened, all, cells: all.map(({ cells }) => cells) };
    } finally {
      await opened.close();
    }
  }
}

/** The code of the fault; its sentences must have every parameter filled in. Anything but a fault is thrown again. */
export async function faultOf(opening: Promise<unknown>): Promise<string> {
  const fault = (await opening.then(
    () => undefined,
    (error: unknown) => error,
  )) as Fault | undefined;
  if (!fault?.text) throw fault ?? new Error('was read without a fault');
  expect(`${fault.text.vi} ${fault.text.en}`).not.toMatch(/[{}]/);
  return fault.code;
}
