import type { ColumnField } from './column-titles';
import type { Coding } from './legacy/text-coding';

/** What a newer file may do to what is known of a subscriber: fill what is empty, overwrite it, or nothing. */
export const MERGE_POLICIES = ['fill-gaps', 'overwrite', 'keep'] as const;
export type MergePolicy = (typeof MERGE_POLICIES)[number];

/** The columns of a list that are taken. */
export const MAPPED_FIELDS = [
  'phone',
  'fullName',
  'givenName',
  'area',
  'district',
  'hamlet',
  'language',
] as const satisfies readonly ColumnField[];
export type MappedField = (typeof MAPPED_FIELDS)[number];

/** What people chose for one import; what they left open is guessed from the file. */
export interface ImportSettings {
  readonly mergePolicy: MergePolicy;
  /** Numbers of ranges not known to be in use are taken, with a warning, instead of rejected. */
  readonly takeUnfamiliarRanges: boolean;
  readonly sheet?: string;
  readonly coding?: Coding;
  /** The row of the titles, as Excel numbers it; 0 for none. */
  readonly headerRow?: number;
  /** Excel's letters of the columns, all of them: a field that is not named is not taken. */
  readonly columns?: Readonly<Partial<Record<MappedField, string>>>;
  /** The day the list is of, `2021-05-04`: its areas are looked for among the units of that day. Today when left out. */
  readonly listDay?: string;
  /** Who made the list. */
  readonly source?: string;
  /** The law by which this file may be taken, where it is another than the list's. */
  readonly legalBasis?: string;
  /** The law by which columns that look like data on health, sanctions or ethnicity may be on file here. */
  readonly sensitiveBasis?: string;
}

export const DEFAULT_SETTINGS: ImportSettings = { mergePolicy: 'fill-gaps', takeUnfamiliarRanges: false };

/** Settings that change no verdict: with these alone the file need not be read again. */
const ONLY_RECORDED: ReadonlySet<string> = new Set(['source', 'legalBasis', 'sensitiveBasis']);

export function mustReadAgain(choice: Partial<ImportSettings>): boolean {
  return Object.keys(choice).some((name) => !ONLY_RECORDED.has(name));
}
