import { Fault, FieldFault } from '../platform/errors';
import { checkBody, normaliseBody } from './body-check';
import { readPeriod, readVariables, readVariants, tryExample } from './template-source';
import { asFieldFault, valueNotText, versionInvalid } from './template-faults';
import type { VersionDto } from './templates.dto';
import type { VersionContent } from './templates.store';
import { YamlFields } from './yaml-fields';

/** So much room a single value gets: a long name of a polling place, never a text of its own. */
const LONGEST_VALUE = 300;

/**
 * Reads a version written over REST by the rules of the shipped files.
 *
 * @throws Fault `template.version-invalid` with every fault of body, variables and example in `details.fields`
 */
export function readVersionContent(dto: VersionDto): VersionContent {
  const faults: FieldFault[] = [];
  const body = normaliseBody(dto.body);
  const checked = checkBody(body);
  faults.push(...checked.faults);
  const fields = YamlFields.ofDocument({ ...dto }, faults);
  const used = checked.faults.length === 0 ? checked.variables : undefined;
  const { validFrom, validTo } = readPeriod(fields);
  const declared = readVariables(fields, used);
  const content = {
    title: dto.title.normalize('NFC').trim(),
    body,
    legalBasis: dto.legalBasis.map(({ document, article }) => ({ document, article })),
    ...(validFrom && { validFrom }),
    ...(validTo && { validTo }),
    ...declared,
    variants: readVariants(fields, declared.variables),
  };
  if (faults.length === 0) tryExample(content, faults);
  if (faults.length > 0) throw versionInvalid(faults);
  return content;
}

/**
 * Values of variables as a request carries them: texts, NFC.
 *
 * @throws Fault naming each value that is none, or is too long
 */
export function readTextValues(field: string, values: Readonly<Record<string, unknown>>): Record<string, string> {
  const faults: FieldFault[] = [];
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'string' && value.length <= LONGEST_VALUE) texts[name] = value.normalize('NFC').trim();
    else faults.push(asFieldFault(`${field}.${name}`, valueNotText({ limit: LONGEST_VALUE })));
  }
  if (faults.length > 0) {
    const { code, text } = valueNotText({ limit: LONGEST_VALUE });
    throw new Fault('invalid', code, text, { field: faults[0]!.field, fields: faults });
  }
  return texts;
}
