import { officeRows } from './office-rows';
import { officeSheet } from './office-sheet';
import { writeWorkbook } from './xlsx-writer';

/** Any other would do; with this one the file is always the same. */
const SEED = 2021;

/**
 * Writes the subscriber file of the demonstration: about 39,000 rows times `scale`, from which exactly 37,400 times
 * `scale` subscribers remain, 28,000 of them in the affected areas.
 */
export function writeOfficeFile(path: string, scale: number): Promise<void> {
  return writeWorkbook(
    path,
    officeSheet(() => officeRows(scale, SEED)),
  );
}
