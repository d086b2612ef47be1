import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { readWholeLines } from './lines-of-file';

/**
 * A file of lines that only grows. A write is whole in the operating system's hands when {@link append} returns, so it
 * outlives this process (not a power cut: nothing here waits for the disk).
 */
export class AppendOnlyFile {
  private constructor(
    private readonly descriptor: number,
    private size: number,
  ) {}

  /** Reads what is there and cuts off a torn last line. The file is readable by its owner only. */
  static open(path: string, onLine: (line: string, index: number) => void): AppendOnlyFile {
    const descriptor = openSync(path, 'a+', 0o600);
    try {
      const size = readWholeLines(descriptor, onLine);
      ftruncateSync(descriptor, size);
      return new AppendOnlyFile(descriptor, size);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  get isEmpty(): boolean {
    return this.size === 0;
  }

  /**
   * Writes all or nothing.
   *
   * @throws when the disk is full, after taking back what was half written. When even that fails the process ends:
   * a ledger that lists what was never answered would be a false witness.
   */
  append(lines: string): void {
    const bytes = Buffer.from(lines, 'latin1');
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(this.descriptor, bytes, done);
      this.size += bytes.length;
    } catch (error) {
      this.takeBack(error);
      throw error;
    }
  }

  /** Empties the file. */
  clear(): void {
    ftruncateSync(this.descriptor, 0);
    this.size = 0;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private takeBack(cause: unknown): void {
    try {
      ftruncateSync(this.descriptor, this.size);
    } catch {
      process.stderr.write(`The ledger cannot be kept true after ${String((cause as { code?: unknown }).code)}.\n`);
      process.exit(74);
    }
  }
}
