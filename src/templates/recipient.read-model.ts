import { areaInText } from './area-in-text';
import type { Queries } from '../platform/database/database';
import type { Language } from './languages';
import { isBlank, type TemplateValues } from './render';
import type { SubscriberField, TemplateVariable } from './template-source';

/** What a subscriber's record can fill in. */
export type RecipientFields = Readonly<Record<SubscriberField, string | null>>;

/** @returns with the language of the recipient, null for Vietnamese */
export function findRecipient(
  queries: Queries,
  subscriberId: number,
): Promise<(RecipientFields & { readonly language: Language | null }) | undefined> {
  return queries.row(
    `select s.full_name as "fullName", a.name as "areaName", s.hamlet, s.language
     from subscribers s left join areas a on a.id = s.area_id where s.id = $1`,
    [subscriberId],
  );
}

/**
 * The values of a template's variables for one recipient: from the record or from the campaign, else the variable's
 * default, see {@link valueOrDefault}.
 */
export function valuesFor(
  variables: Readonly<Record<string, TemplateVariable>>,
  recipient: RecipientFields,
  campaignValues: Readonly<Record<string, string>>,
): TemplateValues {
  const values: Record<string, string | undefined> = {};
  for (const name in variables) {
    const variable = variables[name]!;
    const value = variable.source === 'subscriber' ? fieldOf(recipient, variable.field) : campaignValues[name];
    values[name] = valueOrDefault(variable, value);
  }
  return values;
}

/**
 * A value as found, else the variable's default; a blank one counts as none. Without a default, what a record does not
 * say is blank: `if` may ask for it. What nobody has typed for a campaign is absent: its author must say that it is blank.
 */
export function valueOrDefault(variable: TemplateVariable, value: string | undefined): string | undefined {
  if (variable.default !== undefined && isBlank(value)) return variable.default;
  return value === undefined && variable.source === 'subscriber' ? '' : value;
}

function fieldOf(recipient: RecipientFields, field: SubscriberField): string | undefined {
  const value = recipient[field];
  if (value === null) return undefined;
  return field === 'fullName' ? value : areaInText(value);
}
