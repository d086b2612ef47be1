import type { Localised } from '../platform/errors';
import { searchKey } from './vietnamese-text';

/**
 * The languages besides Vietnamese that somebody may wish to be texted in, by their codes of ISO 639: Khmer, Western Cham.
 * It is a wish and nothing else. Ethnicity is sensitive personal data (Law 91/2025/QH15) that no text needs, and is neither
 * kept nor taken for a language.
 */
export const TEXT_LANGUAGES = ['km', 'cja'] as const;
export type TextLanguage = (typeof TEXT_LANGUAGES)[number];

/** With Vietnamese, which a record says by saying nothing, and a file or a search in so many words. */
export const SAID_LANGUAGES = ['vi', ...TEXT_LANGUAGES] as const;
export type SaidLanguage = (typeof SAID_LANGUAGES)[number];

/** In words that `readLanguage` understands. */
export const LANGUAGE_NAMES: Readonly<Record<SaidLanguage, Localised>> = {
  vi: { vi: 'Tiếng Việt', en: 'Vietnamese' },
  km: { vi: 'Khmer', en: 'Khmer' },
  cja: { vi: 'Chăm', en: 'Cham' },
};

const SPELLINGS: Readonly<Record<SaidLanguage, readonly string[]>> = {
  vi: ['vi', 'vie', 'Việt', 'Việt Nam', 'Việt ngữ', 'Vietnamese', 'vn'],
  km: ['km', 'khm', 'Khmer', 'Khơ me', 'Khơme', "Kh'mer", 'Khơ mer', 'Khơmer', 'Khmer Nam Bộ', 'ខ្មែរ', 'ភាសាខ្មែរ'],
  cja: ['cja', 'Chăm', 'Cham', 'Chăm An Giang', 'Western Cham'],
};
const BY_KEY = new Map(
  SAID_LANGUAGES.flatMap((code) => SPELLINGS[code].map((spelling) => [searchKey(spelling), code] as const)),
);
const LANGUAGE_WORD = /^(?:tieng|chu|ngon ngu) /;
/** Kinh is a people that speaks Vietnamese; "người" and "dân tộc" speak of peoples too. */
const PEOPLE = /^(?:tieng )?kinh$|^(?:nguoi|dan toc) /;

/**
 * What a cell says of the language somebody wishes to be texted in, in any spelling: `language-unknown` where it names none
 * of them, `language-is-ethnicity` where it names a people. Null for an empty cell.
 *
 * @example readLanguage('Tiếng Khơ-me') === 'km'; readLanguage('Kinh') === 'language-is-ethnicity'
 */
export function readLanguage(cell: string): SaidLanguage | 'language-unknown' | 'language-is-ethnicity' | null {
  if (cell.trim() === '') return null;
  const key = searchKey(cell);
  if (PEOPLE.test(key)) return 'language-is-ethnicity';
  return BY_KEY.get(key) ?? BY_KEY.get(key.replace(LANGUAGE_WORD, '')) ?? 'language-unknown';
}
