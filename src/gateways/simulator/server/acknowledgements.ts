import { AppendOnlyFile } from './append-only-file';
import { SerialSet } from './serial-set';

/** Which receipts the service has taken, so that a restarted simulator sends the others and only those. */
export class Acknowledgements {
  private constructor(private readonly file: AppendOnlyFile) {}

  /**
   * @param ledgerId acknowledgements of another ledger mean nothing and are dropped
   * @returns also the serials acknowledged so far
   */
  static open(path: string, ledgerId: string): { acknowledgements: Acknowledgements; known: SerialSet } {
    let known = new SerialSet();
    let ofLedger = '';
    const file = AppendOnlyFile.open(path, (line, index) => {
      if (index === 0) ofLedger = line;
      else for (const serial of line.split(' ')) known.add(Number(serial));
    });
    if (ofLedger !== ledgerId) {
      known = new SerialSet();
      file.clear();
      file.append(`${ledgerId}\n`);
    }
    return { acknowledgements: new Acknowledgements(file), known };
  }

  /** One lot, one line. */
  append(serials: readonly number[]): void {
    if (serials.length > 0) this.file.append(`${serials.join(' ')}\n`);
  }

  close(): void {
    this.file.close();
  }
}
