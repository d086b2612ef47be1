import { diffArrays } from 'diff';
import { type Language, LANGUAGES } from './languages';
import type { TemplateVersion } from './templates.store';

/** A stretch of a text: `same + removed` read in order is the earlier text, `same + added` the later one. */
export interface Piece {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** One thing that is not the same; null where a version has none. */
export interface Change {
  /** `title`, `legalBasis`, `validFrom`, `validTo`, `variables.ho_ten`, `example.ho_ten`. */
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface Comparison {
  readonly code: string;
  readonly from: number;
  readonly to: number;
  readonly body: readonly Piece[];
  /** By language; a variant that one version lacks is wholly added or removed. */
  readonly variants: Readonly<Partial<Record<Language, readonly Piece[]>>>;
  readonly changes: readonly Change[];
}

/**
 * A placeholder, a word with the figures and signs within it ("117/2020/NĐ-CP", "1.500.000"), blank space, or any other
 * sign. Letters go with their marks, so that no syllable is cut.
 */
const TOKEN = /\{\{[^{}]*\}\}|[\p{L}\p{M}\p{N}]+(?:[./,-][\p{L}\p{M}\p{N}]+)*|\s+|[^]/gu;
/** Khmer puts no spaces between words; a dictionary finds them. */
const KHMER = /\p{Script=Khmer}/u;
const khmerWords = new Intl.Segmenter('km', { granularity: 'word' });

/**
 * Words taken out and put in, beyond which two bodies are shown as one text replaced by another: the work grows with the
 * square of their number, and two bodies of 4,000 signs without a letter would keep the program busy for seconds.
 */
const MOST_EDITS = 1_500;

/** The words by which two bodies differ. */
export function compareTexts(before: string, after: string): Piece[] {
  const pieces: Piece[] = [];
  let removed = '';
  let added = '';
  const flush = (next: string): void => {
    const gap = removed === '' || added === '' ? '' : commonSpaceAtEnd(removed, added);
    removed = removed.slice(0, removed.length - gap.length);
    added = added.slice(0, added.length - gap.length);
    if (removed !== '') pieces.push({ kind: 'removed', text: removed });
    if (added !== '') pieces.push({ kind: 'added', text: added });
    removed = added = '';
    if (gap + next !== '') pieces.push({ kind: 'same', text: gap + next });
  };
  const runs = diffArrays(tokensOf(before), tokensOf(after), { maxEditLength: MOST_EDITS }) ?? [
    { value: [before], removed: true, added: false },
    { value: [after], removed: false, added: true },
  ];
  runs.forEach((run, index) => {
    const text = run.value.join('');
    // A lone space between two replaced words belongs to them, or a replaced phrase would fall to pieces.
    const isGap = text.trim() === '' && removed !== '' && added !== '' && index < runs.length - 1;
    const isSame = !run.added && !run.removed && !isGap;
    if (isSame) flush(text);
    else {
      if (!run.added) removed += text;
      if (!run.removed) added += text;
    }
  });
  flush('');
  return pieces;
}

function commonSpaceAtEnd(one: string, other: string): string {
  const space = /\s*$/.exec(one)![0];
  return other.endsWith(space) ? space : '';
}

export function compareVersions(
  before: TemplateVersion,
  after: TemplateVersion,
): Pick<Comparison, 'body' | 'variants' | 'changes'> {
  const variants: Partial<Record<Language, Piece[]>> = {};
  for (const language of LANGUAGES) {
    const [earlier, later] = [before.variants[language], after.variants[language]];
    if (earlier ?? later) variants[language] = compareTexts(earlier ?? '', later ?? '');
  }
  const changes = [
    ...(['title', 'legalBasis', 'validFrom', 'validTo'] as const).flatMap((field) =>
      changeOf(field, before[field], after[field]),
    ),
    ...changesWithin('variables', before.variables, after.variables),
    ...changesWithin('example', before.example, after.example),
  ];
  return { body: compareTexts(before.body, after.body), variants, changes };
}

function changesWithin(
  field: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Change[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => changeOf(`${field}.${name}`, before[name], after[name]));
}

function changeOf(field: string, before: unknown, after: unknown): Change[] {
  return inOrder(before) === inOrder(after) ? [] : [{ field, before: before ?? null, after: after ?? null }];
}

/** As text, whatever the order of its keys. */
function inOrder(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function tokensOf(text: string): string[] {
  return (text.match(TOKEN) ?? []).flatMap((token) =>
    KHMER.test(token) ? Array.from(khmerWords.segment(token), ({ segment }) => segment) : [token],
  );
}
