import { randomBytes } from 'node:crypto';
import { AppendOnlyFile } from './append-only-file';
import { formatHeader, LEDGER_ID_LENGTH, LedgerEntry, parseEntry, parseHeader } from './ledger-entry';

/**
 * Every acceptance there ever was, on disk before it was answered: the witness of what the service really sent.
 */
export class Ledger {
  private constructor(
    private readonly file: AppendOnlyFile,
    /** Tells this ledger from one that was deleted: ids are never reused. */
    readonly id: string,
    private entries: number,
  ) {}

  /** @throws when a whole line is no entry: then something else wrote to the file, and it proves nothing any more. */
  static open(path: string, onEntry: (entry: LedgerEntry) => void): Ledger {
    let id: string | undefined;
    let entries = 0;
    const file = AppendOnlyFile.open(path, (line, index) => {
      if (index === 0) id = parseHeader(line);
      const entry = index === 0 ? undefined : parseEntry(line);
      if (index === 0 ? !id : entry?.serial !== entries + 1) {
        throw new Error(`line ${index + 1} of ${path} is damaged: restore the file or move it away`);
      }
      if (!entry) return;
      entries = entry.serial;
      onEntry(entry);
    });
    if (id) return new Ledger(file, id, entries);
    const newId = randomBytes(LEDGER_ID_LENGTH / 2).toString('hex');
    file.append(formatHeader(newId));
    return new Ledger(file, newId, 0);
  }

  /** Acceptances since the ledger was begun. */
  get accepted(): number {
    return this.entries;
  }

  /** The id of an acceptance; serials are dense, from 1. */
  idOf(serial: number): string {
    return `${this.id}-${serial}`;
  }

  /** @param lines `count` formatted entries, their serials following {@link accepted}. @throws when nothing was written. */
  append(lines: string, count: number): void {
    this.file.append(lines);
    this.entries += count;
  }

  close(): void {
    this.file.close();
  }
}
