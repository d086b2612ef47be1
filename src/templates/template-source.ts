import { basename } from 'node:path';
import { Fault, type FieldFault } from '../platform/errors';
import { checkBody, isVariableName, normaliseBody } from './body-check';
import { type Language, LANGUAGES } from './languages';
import { compileTemplate, type CompiledTemplate, type TemplateValues } from './render';
import {
  codeNotFileName,
  frontMatterMissing,
  periodReversed,
  sourceInvalid,
  sourceUnknown,
  subscriberFieldUnknown,
  variableNameInvalid,
  variableUndeclared,
  variableUnused,
} from './source-faults';
import { asFieldFault } from './template-faults';
import { readYaml } from './yaml-document';
import { YamlFields } from './yaml-fields';

/** What the law calls it, in Vietnamese: `Nghị định số 117/2020/NĐ-CP`, `Điểm a khoản 1 Điều 12`. */
export interface LegalBasis {
  readonly document: string;
  readonly article: string;
}

/** What a subscriber's own record can fill in. */
export const SUBSCRIBER_FIELDS = ['fullName', 'areaName', 'hamlet'] as const;
export type SubscriberField = (typeof SUBSCRIBER_FIELDS)[number];

interface VariableFacts {
  readonly label: string;
  readonly description?: string;
  /** Stands in the text where the record or the campaign has nothing. */
  readonly default?: string;
}
export type TemplateVariable = VariableFacts &
  ({ readonly source: 'subscriber'; readonly field: SubscriberField } | { readonly source: 'campaign' });

/** The same notice in other languages. */
export type Variants = Readonly<Partial<Record<Language, string>>>;

/** A template file, read and found to be without fault; every text is NFC. */
export interface TemplateSource {
  /** The file's name without `.hbs`: English, kebab-case. */
  readonly code: string;
  readonly title: string;
  /** The code of a topic. */
  readonly topic: string;
  /** The code of a legal field. */
  readonly legalField?: string;
  readonly legalBasis: readonly LegalBasis[];
  /** First and last day (both included, local calendar, `yyyy-mm-dd`) on which the notice states the law as it is. */
  readonly validFrom?: string;
  readonly validTo?: string;
  /** Kept as a sample of its time. */
  readonly historical: boolean;
  /** In the order of the file; exactly the variables of the body. */
  readonly variables: Readonly<Record<string, TemplateVariable>>;
  /** A value for every variable, with which the body renders. */
  readonly example: Readonly<Record<string, string>>;
  readonly body: string;
  readonly variants: Variants;
}

const KNOWN_KEYS = 'code,title,topic,legalField,legalBasis,validFrom,validTo,historical,variables,example,variants';
const VARIABLE_KEYS = ['label', 'source', 'field', 'description', 'default'];
/** The declarations, then the body; a file from Windows has had its line ends normalised before. */
const FILE = /^---\n([\s\S]*?)(?<=\n)---\n([\s\S]*)$/;

/**
 * Reads one `.hbs` file: declarations in YAML between two lines `---`, then a body of one line. Pure: the caller reads
 * the file and knows the topics.
 *
 * @param fileName with or without folders; its base name must be `<code>.hbs`.
 * @throws Fault `template.source-invalid`: `details.params` has `file` and `count`, `details.fields` every fault found,
 *   with the path of the field (`variables.ho_ten.label`, `body`, or `---` for the declarations as a whole).
 */
export function parseTemplateSource(text: string, fileName: string): TemplateSource {
  const file = basename(fileName);
  const faults: FieldFault[] = [];
  const source = readSource(text, file, faults);
  if (source === undefined || faults.length > 0) throw sourceInvalid(file, faults);
  return source;
}

function readSource(text: string, file: string, faults: FieldFault[]): TemplateSource | undefined {
  const parts = FILE.exec(text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n'));
  if (!parts) {
    faults.push(asFieldFault('---', frontMatterMissing()));
    return undefined;
  }
  const body = normaliseBody(parts[2]!);
  const data = readYaml(parts[1]!, 1, faults);
  const checked = checkBody(body);
  faults.push(...checked.faults);
  if (data === undefined) return undefined;
  const top = YamlFields.ofDocument(data, faults);
  const used = checked.faults.length === 0 ? checked.variables : undefined;
  const described = { ...readHead(top, file), ...readPeriod(top), ...readVariables(top, used), body };
  const source = { ...described, variants: readVariants(top, described.variables) };
  if (faults.length === 0) tryExample(source, faults);
  return source;
}

function readHead(
  top: YamlFields,
  file: string,
): Pick<TemplateSource, 'code' | 'title' | 'topic' | 'legalField' | 'legalBasis'> {
  top.refuseOthersThan(KNOWN_KEYS.split(','));
  const code = top.code('code');
  const expected = file.replace(/\.hbs$/, '');
  if (code !== '' && code !== expected) top.refuse(codeNotFileName, 'code', { expected });
  const legalBasis = top.list('legalBasis').map((basis) => {
    basis.refuseOthersThan(['document', 'article']);
    return { document: basis.text('document'), article: basis.text('article') };
  });
  const legalField = top.has('legalField') ? { legalField: top.code('legalField') } : {};
  return { code, title: top.text('title'), topic: top.code('topic'), ...legalField, legalBasis };
}

export function readPeriod(top: YamlFields): Pick<TemplateSource, 'validFrom' | 'validTo' | 'historical'> {
  const validFrom = top.optionalDate('validFrom');
  const validTo = top.optionalDate('validTo');
  if (validFrom && validTo && validTo < validFrom) top.refuse(periodReversed, 'validTo');
  return { ...(validFrom && { validFrom }), ...(validTo && { validTo }), historical: top.flag('historical') };
}

/** @param used the variables of the body, when it could be read. */
export function readVariables(
  top: YamlFields,
  used: readonly string[] | undefined,
): Pick<TemplateSource, 'variables' | 'example'> {
  const declarations = top.inner('variables');
  const examples = top.inner('example');
  const declared = declarations.keys();
  const variables: Record<string, TemplateVariable> = {};
  const example: Record<string, string> = {};
  for (const name of declared) {
    if (!isVariableName(name)) declarations.refuse(variableNameInvalid, name);
    else {
      variables[name] = readVariable(declarations.inner(name));
      example[name] = examples.text(name);
    }
    if (used?.includes(name) === false) declarations.refuse(variableUnused, name);
  }
  for (const name of used ?? []) if (!declared.includes(name)) declarations.refuse(variableUndeclared, name);
  examples.refuseOthersThan(declared);
  return { variables, example };
}

function readVariable(fields: YamlFields): TemplateVariable {
  fields.refuseOthersThan(VARIABLE_KEYS);
  const label = fields.text('label');
  const description = fields.optionalText('description');
  const source = fields.text('source');
  const field = SUBSCRIBER_FIELDS.find((known) => known === fields.optionalText('field'));
  const fallback = fields.optionalText('default');
  const common = { label, ...(description && { description }), ...(fallback && { default: fallback }) };
  if (source === 'subscriber' && field) return { source, field, ...common };
  if (source !== '' && source !== 'subscriber' && source !== 'campaign') fields.refuse(sourceUnknown, 'source');
  else if (source === 'subscriber' || fields.has('field')) {
    fields.refuse(subscriberFieldUnknown, 'field', { allowed: SUBSCRIBER_FIELDS.join(', ') });
  }
  return { source: 'campaign', ...common };
}

/**
 * The bodies in other languages, each by the rules of the Vietnamese one and with its variables, all or some of them.
 *
 * @param declared the variables there are
 */
export function readVariants(top: YamlFields, declared: TemplateSource['variables']): Variants {
  const bodies = top.inner('variants');
  bodies.refuseOthersThan(LANGUAGES);
  const variants: Partial<Record<Language, string>> = {};
  for (const language of LANGUAGES) {
    if (!bodies.has(language)) continue;
    const body = normaliseBody(bodies.text(language));
    if (body === '') continue;
    const { faults, variables } = checkBody(body);
    bodies.faults.push(...faults.map((found) => ({ ...found, field: `variants.${language}` })));
    for (const name of variables) if (!(name in declared)) bodies.refuse(variableUndeclared, language, { name });
    variants[language] = body;
  }
  return variants;
}

/** Renders what has been read with its example and with every default. */
export function tryExample(
  source: Pick<TemplateSource, 'body' | 'example' | 'variables' | 'variants'>,
  faults: FieldFault[],
): void {
  const { body, example, variables, variants } = source;
  for (const text of [body, ...Object.values(variants)]) {
    const compiled = compileTemplate(text);
    if (!tryRendering(compiled, example, 'example', faults)) return;
    for (const [name, { default: value }] of Object.entries(variables)) {
      const field = `variables.${name}.default`;
      if (value !== undefined) tryRendering(compiled, { ...example, [name]: value }, field, faults);
    }
  }
}

function tryRendering(
  compiled: CompiledTemplate,
  values: TemplateValues,
  field: string,
  faults: FieldFault[],
): boolean {
  try {
    compiled.render(values);
    return true;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (!faults.some((found) => found.field === field)) faults.push(asFieldFault(field, error));
    return false;
  }
}
