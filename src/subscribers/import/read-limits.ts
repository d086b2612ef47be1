import type { Config } from '../../platform/config';
import { HEADER_SEARCH_ROWS } from './header';
import type { ReadLimits } from './sheet-row';

/** What Excel itself allows in a cell. */
const LONGEST_CELL = 32_767;
const MOST_COLUMNS = 200;
/** An office file unpacks to some ten times its size. */
const UNPACKED_PER_UPLOADED = 40;

/** How much is read of an uploaded file, by the service's settings. Titles and headers are not counted as people. */
export function readLimits(config: Pick<Config, 'IMPORT_MAX_ROWS' | 'UPLOAD_MAX_MB'>): ReadLimits {
  return {
    maxRows: config.IMPORT_MAX_ROWS + HEADER_SEARCH_ROWS,
    maxCellLength: LONGEST_CELL,
    maxColumns: MOST_COLUMNS,
    maxUncompressedBytes: config.UPLOAD_MAX_MB * UNPACKED_PER_UPLOADED * 1024 * 1024,
  };
}
