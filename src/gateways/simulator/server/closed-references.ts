import { AppendOnlyFile } from './append-only-file';

/**
 * References that a look-up was told nothing of: never taken from then on, after a restart neither. About 100 bytes of
 * memory each, and there are no more of them than look-ups that found nothing.
 */
export class ClosedReferences {
  private constructor(
    private readonly file: AppendOnlyFile,
    private readonly closed: Set<string>,
  ) {}

  /** @param ledgerId what was closed for another ledger means nothing and is dropped, for its batches are others */
  static open(path: string, ledgerId: string): ClosedReferences {
    const closed = new Set<string>();
    let ofLedger = '';
    const file = AppendOnlyFile.open(path, (line, index) => {
      if (index === 0) ofLedger = line;
      else closed.add(line);
    });
    if (ofLedger !== ledgerId) {
      closed.clear();
      file.clear();
      file.append(`${ledgerId}\n`);
    }
    return new ClosedReferences(file, closed);
  }

  has(reference: string): boolean {
    return this.closed.size > 0 && this.closed.has(reference);
  }

  /** @throws when it could not be written: then nothing is closed */
  add(reference: string): void {
    if (this.closed.has(reference)) return;
    this.file.append(`${reference}\n`);
    this.closed.add(reference);
  }

  close(): void {
    this.file.close();
  }
}
