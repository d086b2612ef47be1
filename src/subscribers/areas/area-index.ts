import { accentKey, type AreaKind, areaKey, bareName } from './area-text';

/** An area as the matching needs it. */
export interface KnownArea {
  readonly id: number;
  /** With its kind, as `Xã Vĩnh Hòa`. */
  readonly name: string;
  readonly formerNames: readonly string[];
  /** Null for an area that was made from an office's file. */
  readonly code: string | null;
  readonly district: string | null;
  readonly province: string | null;
  /** Half-open, `YYYY-MM-DD`. */
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  /** The districts its ground lay in: its own, or those of the units it was made of. */
  readonly districts: readonly string[];
}

/** An official unit of the day, an official unit of another day, an area from a file. */
type Rank = 0 | 1 | 2;

/** One name of one area. */
export interface AreaName {
  readonly area: KnownArea;
  readonly kind?: AreaKind;
  readonly accents: string;
  readonly districts: ReadonlySet<string>;
  readonly province: string;
  readonly rank: Rank;
  readonly isOver: boolean;
}

/** Every name of every area by its key, and the districts and provinces they lie in. */
export class AreaIndex {
  private readonly names = new Map<string, AreaName[]>();
  private readonly districts = new Set<string>();
  private readonly provinces = new Set<string>();

  constructor(areas: readonly KnownArea[], asOf: string) {
    for (const area of areas) {
      const districts = new Set(area.districts.map(districtKey));
      for (const district of districts) this.districts.add(district);
      if (area.province) for (const key of provinceKeys(area.province)) this.provinces.add(key);
      for (const name of new Set([area.name, ...area.formerNames])) this.add(name, area, districts, asOf);
    }
  }

  private add(name: string, area: KnownArea, districts: ReadonlySet<string>, asOf: string): void {
    const { kind, bare } = bareName(name);
    const isOver = area.validUntil !== null && area.validUntil <= asOf;
    const isOfTheDay = !isOver && (area.validFrom === null || area.validFrom <= asOf);
    const rank = area.code === null ? 2 : isOfTheDay ? 0 : 1;
    const province = area.province === null ? '' : areaKey(area.province);
    const entry = { area, kind, accents: accentKey(bare) ?? areaKey(bare), districts, province, rank, isOver } as const;
    const key = areaKey(bare);
    const known = this.names.get(key);
    if (known) known.push(entry);
    else this.names.set(key, [entry]);
  }

  named(key: string): readonly AreaName[] {
    return this.names.get(key) ?? [];
  }

  keys(): Iterable<string> {
    return this.names.keys();
  }

  isDistrict(key: string): boolean {
    return this.districts.has(key);
  }

  isProvince(key: string): boolean {
    return this.provinces.has(key);
  }
}

/** `Thị xã Tân Châu` and `huyện Tân Châu` are one place that changed its kind. */
function districtKey(district: string): string {
  return areaKey(district.replace(/^(?:Huyện|Quận|Thị xã|Thành phố) /i, ''));
}

/** A province is also written by its first letters, as `AG`. */
function provinceKeys(province: string): string[] {
  const key = areaKey(province);
  const initials = key
    .split(' ')
    .map((word) => word[0])
    .join('');
  return initials.length > 1 ? [key, initials] : [key];
}

/** As a person tells areas of one name apart: `Xã Vĩnh Hòa (Thị xã Tân Châu)`. */
export function areaLabel({ name, district }: { name: string; district: string | null }): string {
  return district === null ? name : `${name} (${district})`;
}
