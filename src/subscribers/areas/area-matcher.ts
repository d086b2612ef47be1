import type { Queries } from '../../platform/database/database';
import { searchKey } from '../vietnamese-text';
import { AddressReader, type CommunePart, type Surroundings } from './address-reader';
import { AreaIndex, areaLabel, type AreaName, type KnownArea } from './area-index';
import { lastWords } from './area-text';
import { findAliasKeys, findKnownAreas } from './areas.read-model';
import { nearKeys } from './near-names';

export type AreaMatch =
  | {
      readonly areaId: number;
      /** The unit was no more on the day in question. */
      readonly note?: 'area-before-2025';
    }
  | {
      readonly areaId: null;
      readonly why: 'area-unknown' | 'area-ambiguous';
      /** Up to three areas a person may have meant, as `Xã Vĩnh Hòa (Thị xã Tân Châu)`. Worked out when asked for. */
      readonly candidates: readonly string[];
    };

const MOST_CANDIDATES = 3;

/** Texts whose match is remembered: a list names some hundred areas, each thousands of times. */
const MOST_REMEMBERED = 20_000;

/**
 * Finds the area a cell names, in any spelling: without accents, with the kind or its abbreviation or without, with
 * hamlet, district and province around it. A match needs the same key, never a similar one: what is similar is only
 * suggested. What cannot be told apart is ambiguous, what lies elsewhere by its own words is unknown.
 *
 * Not for sharing between imports: an alias recorded later is not seen.
 */
export class AreaMatcher {
  private readonly index: AreaIndex;
  private readonly addresses: AddressReader;
  private readonly byText = new Map<string, AreaMatch>();

  /** @param aliases the ids of areas by searchKey(alias); what an administrator recorded goes before everything */
  constructor(
    areas: readonly KnownArea[],
    private readonly aliases: ReadonlyMap<string, number>,
    asOf: string,
  ) {
    this.index = new AreaIndex(areas, asOf);
    this.addresses = new AddressReader(this.index);
  }

  /**
   * @param area the cell as it stands: `xã Ba Chúc`, `TT. Ba Chúc`, `ấp 3, xã Vĩnh Hòa - huyện U Minh Thượng`
   * @param district a column of its own, where the file has one
   */
  match(area: string, district = ''): AreaMatch {
    const text = `${area}\u0000${district}`;
    const known = this.byText.get(text);
    if (known) return known;
    const match = this.find(area, district);
    if (this.byText.size >= MOST_REMEMBERED) this.byText.clear();
    this.byText.set(text, match);
    return match;
  }

  private find(area: string, district: string): AreaMatch {
    const alias = this.aliases.size > 0 ? this.aliases.get(searchKey(area)) : undefined;
    if (alias !== undefined) return { areaId: alias };
    const parts = this.addresses.read(area);
    const column = this.addresses.readDistrict(district);
    // Of several, the first can only be meant if the others say where it lies.
    const names = parts.length === 0 ? [] : this.namesFor(parts[0]!, column);
    const ids = new Set(names.map((name) => name.area.id));
    if (ids.size === 1) return found(names[0]!);
    if (ids.size > 1) return noMatch('area-ambiguous', () => labels(names));
    return noMatch(parts.length > 1 ? 'area-ambiguous' : 'area-unknown', () => this.suggest(area, parts));
  }

  private allNames({ readings }: CommunePart): AreaName[] {
    return readings.flatMap(({ key }) => this.index.named(key));
  }

  /** The names a part of the address can mean: one area's if it is clear, none if the rest contradicts. */
  private namesFor(part: CommunePart, column: Surroundings): AreaName[] {
    if (part.isElsewhere || column.isElsewhere) return [];
    const districts = [...part.districts, ...column.districts];
    const provinces = [...part.provinces, ...column.provinces];
    const possible = this.allNames(part).filter(({ area, districts: its }) =>
      area.code === null ? true : districts.every((district) => its.has(district)),
    );
    const spelled = bySpelling(possible, part.accents);
    if (spelled === undefined) return possible;
    const kinds = part.readings.flatMap(({ kind }) => kind ?? []);
    const ofKind = preferring(spelled, ({ kind }) => kind !== undefined && kinds.includes(kind));
    return preferring(byRank(spelled, ofKind), ({ province }) => provinces.includes(province));
  }

  /** Areas whose names are close to what was written; else those of the name that lie elsewhere. */
  private suggest(area: string, parts: readonly CommunePart[]): string[] {
    const strange = this.addresses.strangeCommune(area);
    const near = strange ? nearKeys(strange.key, this.index.keys()) : [];
    if (near.length > 0) return labels(near.flatMap((key) => [...this.index.named(key)].sort(byRankAlone)));
    return labels(parts.flatMap((part) => this.allNames(part).sort(byRankAlone)));
  }
}

const byRankAlone = (a: AreaName, b: AreaName): number => a.rank - b.rank;

/** Those that fit; all of them where none does. */
function preferring(names: readonly AreaName[], fits: (name: AreaName) => boolean): AreaName[] {
  const fitting = names.filter(fits);
  return fitting.length > 0 ? fitting : [...names];
}

/**
 * Phú Thạnh and Phú Thành are two communes of one district: written with accents, only the same accents count. Undefined
 * where the accents are of neither; without any they decide nothing.
 */
function bySpelling(names: readonly AreaName[], written: string | undefined): AreaName[] | undefined {
  if (written === undefined) return [...names];
  const nameIn = (accents: string): string => lastWords(written, accents.split(' ').length);
  const same = names.filter(({ accents }) => nameIn(accents) === accents);
  if (same.length > 0) return same;
  const isPlain = names.every(({ accents }) => /^[a-z0-9 ]*$/.test(nameIn(accents)));
  const isOneName = new Set(names.map(({ accents }) => accents)).size === 1;
  return isPlain || isOneName ? [...names] : undefined;
}

/**
 * Units of the day first, then units of other days, then areas made from files. One exception: the kind leads back to a
 * unit that is over, where no unit of the day is of that kind (`thị trấn Ba Chúc` today).
 */
function byRank(names: readonly AreaName[], ofKind: readonly AreaName[]): AreaName[] {
  const least = Math.min(...names.map(({ rank }) => rank));
  const ofTheDay = names.filter(({ rank }) => rank === least);
  const both = ofTheDay.filter((name) => ofKind.includes(name));
  if (both.length > 0) return both;
  const over = ofKind.filter(({ isOver }) => isOver);
  return over.length > 0 ? over : ofTheDay;
}

function found({ area, isOver }: AreaName): AreaMatch {
  return isOver ? { areaId: area.id, note: 'area-before-2025' } : { areaId: area.id };
}

function noMatch(why: 'area-unknown' | 'area-ambiguous', find: () => string[]): AreaMatch {
  let shown: string[] | undefined;
  return {
    areaId: null,
    why,
    get candidates() {
      return (shown ??= find());
    },
  };
}

function labels(names: readonly AreaName[]): string[] {
  return [...new Set(names.map(({ area }) => areaLabel(area)))].slice(0, MOST_CANDIDATES);
}

/** @param options asOf the day of the list, `YYYY-MM-DD`: units of that day are meant rather than others */
export async function loadAreaMatcher(queries: Queries, options: { readonly asOf: string }): Promise<AreaMatcher> {
  return new AreaMatcher(await findKnownAreas(queries), await findAliasKeys(queries), options.asOf);
}
