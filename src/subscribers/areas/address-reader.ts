import { searchKey } from '../vietnamese-text';
import type { AreaIndex } from './area-index';
import {
  accentKey,
  type CommuneReading,
  isBelowCommune,
  readCommune,
  readDistrict,
  readProvince,
  splitAddress,
  UNIT_SPLITS,
} from './area-text';

/** What an address says beside the name of a commune, as keys. */
export interface Surroundings {
  readonly districts: readonly string[];
  readonly provinces: readonly string[];
  /** Names a place that is none of ours: whoever lives there lives elsewhere. */
  readonly isElsewhere: boolean;
}

/** A part of an address that names a commune, with what the rest says. */
export interface CommunePart extends Surroundings {
  /** See accentKey. */
  readonly accents?: string;
  readonly readings: readonly CommuneReading[];
}

type Role = 'commune' | 'district' | 'province' | 'below' | 'strange';

interface Part {
  readonly text: string;
  readonly role: Role;
  /** Called a commune, a district, a province by a word before its name. */
  readonly isSaid: boolean;
  /** A commune may be the district of that name as well. */
  readonly district?: string;
  readonly province?: string;
  /** Of a commune: see accentKey. */
  readonly accents?: string;
  readonly readings: readonly CommuneReading[];
}

/** Parts that are remembered: hamlets and streets differ from row to row, communes and districts do not. */
const MOST_REMEMBERED = 5_000;

const isVague = ({ role }: Part): boolean => role === 'strange' || role === 'below';

/** Reads the cells of one list. Addresses in Vietnam go from the smaller unit to the larger. */
export class AddressReader {
  private readonly parts = new Map<string, Part>();

  constructor(private readonly index: AreaIndex) {}

  /**
   * Which parts of a cell may be the commune, and what the others say of where it lies. More than one where the cell has
   * more than one; none where it names no commune we know.
   */
  read(text: string): CommunePart[] {
    const parts = this.partsOf(text);
    const said = parts.filter(({ role, isSaid }) => role === 'commune' && isSaid);
    const communes = said.length > 0 ? said : parts.filter(({ role }) => role === 'commune');
    return communes.map((part) => ({ ...surroundingsOf(parts, part), accents: part.accents, readings: part.readings }));
  }

  /** Reads a column of its own for the district. */
  readDistrict(text: string): Surroundings {
    const parts = text === '' ? [] : this.partsOf(text);
    const districts = parts.flatMap(({ district }) => district ?? []);
    const provinces = parts.flatMap(({ province }) => province ?? []);
    return { districts, provinces, isElsewhere: parts.some(({ role }) => role === 'strange') };
  }

  /** What a cell calls a commune though it is none of ours, for a suggestion. */
  strangeCommune(text: string): CommuneReading | undefined {
    const strange = this.partsOf(text).filter(({ role }) => role === 'strange');
    return (strange.find(({ isSaid }) => isSaid) ?? strange[0])?.readings.at(-1);
  }

  /** Divides no further than it must: the names of places hold words for units and dashes themselves. */
  private partsOf(text: string): Part[] {
    const divide = (part: Part, split: (text: string) => string[]): Part[] => {
      if (!isVague(part)) return [part];
      const pieces = split(part.text);
      return pieces.length === 1 && pieces[0] === part.text ? [part] : pieces.map((piece) => this.partOf(piece));
    };
    const tidy = text.normalize('NFC');
    // No name has a comma, and a whole address is never the same twice.
    const begin = /[,;]/.test(tidy) ? splitAddress(tidy).map((piece) => this.partOf(piece)) : [this.partOf(tidy)];
    return [splitAddress, ...UNIT_SPLITS].reduce((parts, split) => parts.flatMap((part) => divide(part, split)), begin);
  }

  private partOf(text: string): Part {
    const known = this.parts.get(text);
    if (known) return known;
    const part = this.readPart(text);
    if (this.parts.size >= MOST_REMEMBERED) this.parts.clear();
    this.parts.set(text, part);
    return part;
  }

  private readPart(text: string): Part {
    const { index } = this;
    const words = searchKey(text);
    const all = readCommune(words);
    const readings = all.filter(({ key }) => index.named(key).length > 0);
    const asDistrict = readDistrict(words);
    const district = asDistrict.keys.find((key) => index.isDistrict(key));
    const asProvince = readProvince(words);
    const province = asProvince.keys.find((key) => index.isProvince(key));
    const isSaid = (some: readonly CommuneReading[]): boolean => some.some(({ kind }) => kind !== undefined);
    const facts = { text, district, province, readings };
    if (readings.length > 0) return { ...facts, role: 'commune', isSaid: isSaid(readings), accents: accentKey(text) };
    if (district !== undefined) return { ...facts, role: 'district', isSaid: asDistrict.isSaid };
    if (province !== undefined) return { ...facts, role: 'province', isSaid: asProvince.isSaid };
    if (isBelowCommune(words)) return { ...facts, role: 'below', isSaid: false };
    return { ...facts, readings: all, role: 'strange', isSaid: isSaid(all) || asDistrict.isSaid };
  }
}

/**
 * A district or province counts wherever it is called one, and without that word behind the commune only: before it
 * stand hamlets and streets, which may have any name. But after such a name, what may be a district is none of the
 * communes: `Núi Tho, Tri Tôn` is not in the commune Tri Tôn.
 */
function surroundingsOf(parts: readonly Part[], commune: Part): Surroundings {
  const at = parts.indexOf(commune);
  const others = parts.filter((part, where) => part !== commune && (where > at || part.isSaid));
  const mayBeDistrict = !commune.isSaid && commune.district !== undefined;
  return {
    districts: others.flatMap(({ district }) => district ?? []),
    provinces: others.flatMap(({ province, district }) => (district === undefined ? (province ?? []) : [])),
    isElsewhere:
      (mayBeDistrict && parts.slice(0, at).some(({ role }) => role === 'strange')) || others.some(isNotAround),
  };
}

function isNotAround({ role, district, province }: Part): boolean {
  return role === 'strange' || (role === 'commune' && district === undefined && province === undefined);
}
