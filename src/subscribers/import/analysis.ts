import type { AreaMatcher } from '../areas/area-matcher';
import { byteaText, storableText } from '../../platform/database/copy-text';
import type { Secrets } from '../../platform/secrets';
import { searchKey } from '../vietnamese-text';
import type { Header } from './header';
import { arrayText, stagedLine, takenLine } from './import-rows.store';
import { judgeRow, type RowRules } from './row-verdict';
import { SeenNumbers } from './seen-numbers';
import type { SheetRow } from './sheet-row';

/** Kept of a cell of a row that is to be shown again. */
const LONGEST_KEPT_CELL = 2_000;
const MOST_REMEMBERED = 20_000;

/** What is asked of every row, over all pages of a file. */
interface Facts {
  readonly importId: number;
  readonly header: Header;
  readonly rules: RowRules;
  readonly areas: AreaMatcher;
  readonly secrets: Secrets;
}

/** Turns the rows of a file into rows to stage; remembers which numbers it saw. */
export class RowAnalysis {
  /** Rows whose number an earlier row has. */
  repeats = 0;
  private readonly seen = new SeenNumbers();
  /** By the cell: a list names some hundred areas, each thousands of times. */
  private readonly areas = new Map<string, FoundArea>();

  constructor(private readonly facts: Facts) {}

  /** The row as a line of the COPY; null for a row without content. */
  stage(row: SheetRow): string | null {
    const { rowNumber } = row;
    const { importId } = this.facts;
    const verdict = judgeRow(row, this.facts.header, this.facts.rules);
    if (!verdict) return null;
    if (verdict.kind === 'rejected') {
      const codes = arrayText([verdict.code]);
      return stagedLine([importId, rowNumber, 'rejected', ...NOBODY, null, codes, verdict.column, kept(row.cells)]);
    }
    const { phone, fullName, areaName, hamlet, language, warnings } = verdict;
    const { areaId, code } = this.areaOf(areaName, verdict.district);
    const taken = {
      phone,
      keyHex: this.facts.secrets.phoneDigestHex(phone),
      fullName,
      nameKey: fullName && searchKey(fullName),
      areaId,
      areaText: areaId === null ? areaName : null,
      hamlet,
      language,
    };
    const firstRow = this.seen.firstRowOf(phone, rowNumber);
    if (firstRow === undefined && warnings.length === 0 && !code) return takenLine(importId, rowNumber, taken);
    if (firstRow !== undefined) this.repeats += 1;
    const codes = code ? [...warnings, code] : warnings;
    const { keyHex, nameKey, areaText } = taken;
    return stagedLine([
      importId,
      rowNumber,
      firstRow === undefined ? 'added' : 'repeated',
      ...([phone, byteaText(keyHex), fullName, nameKey, areaId, areaText, hamlet, language] as const),
      firstRow ?? null,
      codes.length > 0 ? arrayText(codes) : null,
      null,
      kept(row.cells),
    ]);
  }

  private areaOf(area: string | null, district: string | null): FoundArea {
    if (area === null) return NO_AREA;
    if (district !== null) return this.match(area, district);
    let found = this.areas.get(area);
    if (found === undefined) {
      found = this.match(area);
      if (this.areas.size < MOST_REMEMBERED) this.areas.set(area, found);
    }
    return found;
  }

  private match(area: string, district?: string): FoundArea {
    const match = this.facts.areas.match(area, district);
    return match.areaId === null ? { areaId: null, code: match.why } : { areaId: match.areaId, code: match.note };
  }
}

interface FoundArea {
  readonly areaId: number | null;
  readonly code?: string;
}

const NO_AREA: FoundArea = { areaId: null };

/** Phone, key, name, key of the name, area, its text, hamlet, language. */
const NOBODY = [null, null, null, null, null, null, null, null] as const;

function kept(cells: readonly string[]): string {
  return arrayText(cells.map((cell) => storableText(cell.slice(0, LONGEST_KEPT_CELL))));
}
