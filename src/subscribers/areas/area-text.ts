import { searchKey } from '../vietnamese-text';

export const AREA_KINDS = ['xã', 'phường', 'thị trấn', 'đặc khu'] as const;
export type AreaKind = (typeof AREA_KINDS)[number];

/** What may stand before the name of a commune, as keys: `P. Mỹ Long`, `P3`, `T.T Ba Chúc`. */
const COMMUNE_PREFIXES: readonly (readonly [RegExp, AreaKind])[] = [
  [/^(?:xa|x) (?=\S)/, 'xã'],
  [/^(?:(?:phuong|ph|p|f) (?=\S)|(?:phuong|ph|p|f)(?=\d))/, 'phường'],
  [/^(?:thi tran|t tran|t t|ttr|tt) (?=\S)/, 'thị trấn'],
  [/^(?:dac khu|d k|dk) (?=\S)/, 'đặc khu'],
];

const DISTRICT_PREFIX = /^(?:(?:huyen|thi xa|t xa|t x|tx|thanh pho|t pho|t p|tp|quan|h|q) (?=\S)|(?:quan|q)(?=\d))/;
const PROVINCE_PREFIX = /^(?:tinh|thanh pho|t p|tp|t) (?=\S)/;

/** Smaller than a commune: a hamlet, a street, a house. */
const HAMLET = /^(?:ap|khom|to|khu pho|khu vuc|kp|kv|thon|ban|doi|duong|hem|so nha|so|khu|to dan pho|tdp)(?: |\d|$)/;

/** Says nothing of where: `(cũ)`, `Việt Nam`. */
const EMPTY_WORDS = /^(?:|cu|moi|viet nam|vn)$/;

const SEPARATORS = /[,;|/\\()[\]\n\r\t]|[–—]| - |\s-|-\s/;

/** Where a new unit may begin inside a text without commas: `ấp 3 xã Vĩnh Hòa huyện U Minh Thượng`. */
const UNIT_BEGINS =
  /(?<!(?:\s|^)th[ịi])\s+(?=(?:xã|xa|phường|phuong|thị trấn|thi tran|đặc khu|dac khu|huyện|huyen|thị xã|thi xa|thành phố|thanh pho|quận|quan|tỉnh)\s|(?:x|p|h|q|tt|t\.t|tx|t\.x|tp|t\.p)\.)/iu;

/** Apart from the others, because names begin with the same letters: `phuong tinh bien`. */
const PROVINCE_BEGINS = /\s+(?=tinh\s)/i;

/** A name of a commune as somebody wrote it. */
export interface CommuneReading {
  /** What is compared, see areaKey. */
  readonly key: string;
  /** The kind that stands before the name; undefined where none does. */
  readonly kind?: AreaKind;
}

/**
 * The key by which names of units are compared: searchKey, and i and y alike where both are spelled for one sound
 * (Mỹ = Mĩ, Quý = Quí; Ministry of Education, Decision 240/QĐ of 1984).
 *
 * @example areaKey('Ô Long Vỹ') === 'o long vi'
 */
export function areaKey(text: string): string {
  return foldKey(searchKey(text));
}

function foldKey(key: string): string {
  return key.replace(/(^| |[bcdghklmnrstvx]|qu)y(?= |$)/g, '$1i');
}

/**
 * The name with its accents, whatever the place of the tone mark and the coding: each syllable, then its tone.
 * Undefined for a text without any accent, which says nothing about them.
 */
export function accentKey(text: string): string | undefined {
  const lower = text.normalize('NFC').toLowerCase();
  if (!/[\u0300-\u036f]|đ/.test(lower.normalize('NFD'))) return undefined;
  return lower
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => {
      const parts = word.normalize('NFD');
      const tone = /[\u0300\u0301\u0303\u0309\u0323]/.exec(parts)?.[0] ?? '';
      return foldKey(parts.replace(/[\u0300\u0301\u0303\u0309\u0323]/g, '').normalize('NFC')) + tone;
    })
    .join(' ');
}

/** The last syllables of an accent key: the name without the kind that stood before it. */
export function lastWords(accents: string, count: number): string {
  return accents.split(' ').slice(-count).join(' ');
}

/** Both readings of a name: as it stands, and without its kind. A commune may be called Xà Phiên. */
export function readCommune(key: string): CommuneReading[] {
  if (key === '') return [];
  const readings: CommuneReading[] = [];
  // A number alone is a ward only where it is called one.
  if (!/^\d+$/.test(key)) readings.push({ key: foldKey(key) });
  for (const [prefix, kind] of COMMUNE_PREFIXES) {
    const bare = key.replace(prefix, '');
    if (bare !== key) readings.push({ key: foldKey(bare.replace(/^0+(?=\d)/, '')), kind });
  }
  return readings;
}

/** An official name without its kind: `Xã Vĩnh Hòa` is `Vĩnh Hòa`. */
export function bareName(name: string): { kind?: AreaKind; bare: string } {
  const kind = AREA_KINDS.find((one) => name.toLowerCase().startsWith(`${one} `));
  return kind ? { kind, bare: name.slice(kind.length + 1) } : { bare: name };
}

/** The keys a text may be as the name of a district: as it stands, and without `huyện`, `TX.` and so on. */
export function readDistrict(key: string): { keys: string[]; isSaid: boolean } {
  return withoutPrefix(key, DISTRICT_PREFIX);
}

/** Likewise of a province. */
export function readProvince(key: string): { keys: string[]; isSaid: boolean } {
  return withoutPrefix(key, PROVINCE_PREFIX);
}

function withoutPrefix(key: string, prefix: RegExp): { keys: string[]; isSaid: boolean } {
  const bare = key.replace(prefix, '');
  return { keys: [foldKey(key), foldKey(bare.replace(/^0+(?=\d)/, ''))], isSaid: bare !== key };
}

/** Whether a part of an address names no unit: a hamlet or a street, or nothing at all. */
export function isBelowCommune(key: string): boolean {
  return EMPTY_WORDS.test(key) || HAMLET.test(key);
}

const hasContent = (part: string): boolean => /[\p{L}\p{N}]/u.test(part);

/** The parts of an address, as its commas, brackets and dashes divide it. */
export function splitAddress(text: string): string[] {
  return text.split(SEPARATORS).filter(hasContent);
}

/** Ways to divide an address at the words for units in it, the more careful one first. */
export const UNIT_SPLITS: readonly ((text: string) => string[])[] = [UNIT_BEGINS, PROVINCE_BEGINS].map(
  (boundary) => (text: string) => text.split(boundary).filter(hasContent),
);
