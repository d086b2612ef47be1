import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { searchKey } from '../vietnamese-text';
import { type AreaKind, bareName } from './area-text';

/** The folder of a source checkout and of a build alike: both lie three levels below the project's root. */
export const AREAS_FOLDER = join(__dirname, '..', '..', '..', 'areas');

/**
 * The first day of the communes without districts: Resolution 203/2025/QH15 ends the districts, Resolution 202/2025/QH15
 * makes the 34 provinces.
 */
export const REFORM_DAY = '2025-07-01';

export interface OfficialUnit {
  readonly code: string;
  readonly name: string;
  readonly searchKey: string;
  readonly kind: AreaKind;
  readonly district: string | null;
  readonly provinceCode: string;
  readonly province: string;
  readonly formerNames: readonly string[];
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  /** Codes of today's units it became, of which some may be in another province. */
  readonly successors: readonly string[];
}

/**
 * The official units of a province and, before the reform, of the provinces it was made of (areas/README.md).
 *
 * @param provinceCode of today's 34 provinces
 * @throws Error naming the setting if there is no such province, or every fault of the files
 */
export async function readOfficialUnits(provinceCode: string, folder = AREAS_FOLDER): Promise<OfficialUnit[]> {
  const provinces = await readTable(folder, 'provinces.tsv', 3);
  const today = provinces.find(([code, , successor]) => code === provinceCode && successor === '');
  if (!today) {
    const known = provinces.filter(([, , successor]) => successor === '').map(([code, name]) => `${code} ${name}`);
    throw new Error(`PROVINCE_CODE: is none of today's provinces, which are ${known.join(', ')}`);
  }
  const former = new Map(provinces.flatMap(([code, name, next]) => (next === provinceCode ? [[code!, name!]] : [])));
  const units = (await readTable(folder, 'communes.tsv', 3))
    .filter(([, , province]) => province === provinceCode)
    .map(([code, name]) => unitOf(code!, name!, { code: provinceCode, name: today[1]! }));
  const before = (await readTable(folder, 'former-communes.tsv', 7))
    .filter(([, , , province]) => former.has(province!))
    .map((row) => formerUnitOf(row, former.get(row[3]!)!));
  return checked([...units, ...before]);
}

function unitOf(code: string, name: string, province: { code: string; name: string }): OfficialUnit {
  const { kind, bare } = bareName(name);
  return {
    code,
    name,
    searchKey: searchKey(bare),
    // A name without a kind is a fault of the files, which `checked` tells.
    kind: kind!,
    district: null,
    provinceCode: province.code,
    province: province.name,
    formerNames: [],
    validFrom: REFORM_DAY,
    validUntil: null,
    successors: [],
  };
}

function formerUnitOf(row: readonly string[], province: string): OfficialUnit {
  const [code, name, district, provinceCode, successors, validUntil, formerNames] = row as string[] & { length: 7 };
  return {
    ...unitOf(code!, name!, { code: provinceCode!, name: province }),
    district: district!,
    formerNames: formerNames === '' ? [] : formerNames!.split('; '),
    validFrom: null,
    validUntil: validUntil === '' ? REFORM_DAY : validUntil!,
    successors: successors!.split(' '),
  };
}

function checked(units: OfficialUnit[]): OfficialUnit[] {
  const today = new Set(units.filter(({ validUntil }) => validUntil === null).map(({ code }) => code));
  const faults = units.flatMap(({ code, kind, name, successors }) => [
    ...(/^\d{5}$/.test(code) ? [] : [`${code}: a code has five digits`]),
    ...(kind ? [] : [`${code}: "${name}" does not begin with its kind`]),
    ...successors.filter((next) => !today.has(next)).map((next) => `${code}: its successor ${next} is not there`),
  ]);
  if (faults.length > 0) throw new Error(`The files of areas have faults:\n- ${faults.join('\n- ')}`);
  return units;
}

/** The rows below the header, padded to `columns`: empty cells at the end of a line are left away. */
async function readTable(folder: string, file: string, columns: number): Promise<string[][]> {
  const lines = (await readFile(join(folder, file), 'utf8')).split('\n').slice(1);
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const cells = line.split('\t');
      return [...cells, ...Array<string>(Math.max(0, columns - cells.length)).fill('')];
    });
}
