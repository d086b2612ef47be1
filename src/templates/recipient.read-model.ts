import { areaInText } from './area-in-text';
import type { Queries } from '../platform/database/database';
import type { SubscriberField, TemplateVariable } from './template-source';
import type { TemplateValues } from './render';

/** What a subscriber's record can fill in. */
export type RecipientFields = Readonly<Record<SubscriberField, string | null>>;

export function findRecipient(queries: Queries, subscriberId: number): Promise<RecipientFields | undefined> {
  return queries.row<RecipientFields>(
    `select s.full_name as "fullName", a.name as "areaName" from subscribers s left join areas a on a.id = s.area_id
     where s.id = $1`,
    [subscriberId],
  );
}

/** The values of a template's variables for one recipient; a name that nobody fills is absent. */
export function valuesFor(
  variables: Readonly<Record<string, TemplateVariable>>,
  recipient: RecipientFields,
  campaignValues: Readonly<Record<string, string>>,
): TemplateValues {
  const values: Record<string, string | undefined> = {};
  for (const [name, variable] of Object.entries(variables)) {
    values[name] = variable.source === 'subscriber' ? fieldOf(recipient, variable.field) : campaignValues[name];
  }
  return values;
}

function fieldOf(recipient: RecipientFields, field: SubscriberField): string | undefined {
  const value = recipient[field];
  if (value === null) return undefined;
  return field === 'areaName' ? areaInText(value) : value;
}
