import { maskPhone } from './phone-number';

/** A record, or those of its fields that changed, as the history keeps them. */
export type RecordValues = Readonly<Record<string, string | number | null>>;

export interface FieldChange {
  readonly field: 'phone' | 'fullName' | 'area' | 'areaText' | 'hamlet' | 'language';
  readonly before: string | null;
  readonly after: string | null;
}

const FIELDS = [
  ['phone', 'phone'],
  ['fullName', 'fullName'],
  ['areaId', 'area'],
  ['areaText', 'areaText'],
  ['hamlet', 'hamlet'],
  ['language', 'language'],
] as const;

/** The areas that changes name by their ids. */
export function areaIdsIn(values: readonly (RecordValues | null)[]): number[] {
  return [...new Set(values.map((record) => record?.areaId).filter((id) => typeof id === 'number'))];
}

/**
 * What changed, field by field, as people read it: areas by their names, and numbers masked for who may not see them.
 * Only what differs: imports keep whole records, people's corrections only the fields they touched.
 */
export function fieldChanges(
  before: RecordValues | null,
  after: RecordValues | null,
  areaNames: ReadonlyMap<number, string>,
  showPhones: boolean,
): FieldChange[] {
  const shown = (key: string, value: string | number | null | undefined): string | null => {
    if (value === null || value === undefined) return null;
    if (key === 'areaId') return areaNames.get(Number(value)) ?? null;
    return key === 'phone' && !showPhones ? maskPhone(String(value)) : String(value);
  };
  return FIELDS.filter(([key]) => (before?.[key] ?? null) !== (after?.[key] ?? null)).map(([key, field]) => ({
    field,
    before: shown(key, before?.[key]),
    after: shown(key, after?.[key]),
  }));
}
