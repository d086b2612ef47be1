import type { AreaMatcher } from '../areas/area-matcher';
import { byteaText, storableText } from '../../platform/database/copy-text';
import type { Secrets } from '../../platform/secrets';
import { searchKey } from '../vietnamese-text';
import type { Header } from './header';
import { arrayText, type StagedRow } from './import-rows.store';
import { judgeRow, type RowRules } from './row-verdict';
import { SeenNumbers } from './seen-numbers';
import type { SheetRow } from './sheet-row';

/** Kept of a cell of a row that is to be shown again. */
const LONGEST_KEPT_CELL = 2_000;

/** What is asked of every row, over all pages of a file. */
interface Facts {
  readonly header: Header;
  readonly rules: RowRules;
  readonly areas: AreaMatcher;
  readonly secrets: Secrets;
}

/** Turns the rows of a file into rows to stage; remembers which numbers it saw. */
export class RowAnalysis {
  private readonly seen = new SeenNumbers();

  constructor(private readonly facts: Facts) {}

  /** Null for a row without content. */
  stage(row: SheetRow): StagedRow | null {
    const { rowNumber } = row;
    const verdict = judgeRow(row, this.facts.header, this.facts.rules);
    if (!verdict) return null;
    if (verdict.kind === 'rejected') {
      const codes = arrayText([verdict.code]);
      return [rowNumber, 'rejected', ...NOBODY, null, codes, verdict.column, kept(row.cells)];
    }
    const { phone, fullName, hamlet } = verdict;
    const area = this.areaOf(verdict.areaName, verdict.district);
    const firstRow = this.seen.firstRowOf(phone, rowNumber);
    const codes = area.code ? [...verdict.warnings, area.code] : verdict.warnings;
    return [
      rowNumber,
      firstRow === undefined ? 'taken' : 'repeated',
      phone,
      byteaText(this.facts.secrets.phoneDigestHex(phone)),
      fullName,
      fullName && searchKey(fullName),
      area.id,
      area.id === null ? verdict.areaName : null,
      hamlet,
      firstRow ?? null,
      codes.length > 0 ? arrayText(codes) : null,
      null,
      codes.length > 0 ? kept(row.cells) : null,
    ];
  }

  private areaOf(area: string | null, district: string | null): { id: number | null; code?: string } {
    if (area === null) return { id: null };
    const match = this.facts.areas.match(area, district ?? undefined);
    return match.areaId === null ? { id: null, code: match.why } : { id: match.areaId, code: match.note };
  }
}

/** Phone, key, name, key of the name, area, its text, hamlet. */
const NOBODY = [null, null, null, null, null, null, null] as const;

function kept(cells: readonly string[]): string {
  return arrayText(cells.map((cell) => storableText(cell.slice(0, LONGEST_KEPT_CELL))));
}
