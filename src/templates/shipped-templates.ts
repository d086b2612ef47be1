import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../platform/errors';
import { parseTemplateSource, type TemplateSource } from './template-source';
import { parseTopicsSource, type TopicSource } from './topics-source';

/** The folder of a source checkout and of a build alike: both lie two levels below the project's root. */
export const TEMPLATES_FOLDER = join(__dirname, '..', '..', 'templates');

export interface ShippedTemplates {
  readonly topics: readonly TopicSource[];
  readonly legalFields: readonly TopicSource[];
  readonly templates: readonly TemplateSource[];
}

/**
 * Reads the notices shipped with the product; reading one compiles it and renders it with its example.
 *
 * @throws Error naming every fault of every file at once
 */
export async function readShippedTemplates(folder = TEMPLATES_FOLDER): Promise<ShippedTemplates> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.hbs')).sort();
  const topics = parseTopicsSource(await readFile(join(folder, 'topics.yaml'), 'utf8'), 'topics.yaml');
  const legalFields = parseTopicsSource(await readFile(join(folder, 'legal-fields.yaml'), 'utf8'), 'legal-fields.yaml');
  const faults: string[] = [];
  const templates: TemplateSource[] = [];
  for (const file of files) {
    try {
      const template = parseTemplateSource(await readFile(join(folder, file), 'utf8'), file);
      if (!topics.some(({ code }) => code === template.topic)) faults.push(`${file}: topic: not in topics.yaml`);
      const { legalField } = template;
      if (legalField !== undefined && !legalFields.some(({ code }) => code === legalField)) {
        faults.push(`${file}: legalField: not in legal-fields.yaml`);
      }
      templates.push(template);
    } catch (error) {
      faults.push(...describe(file, error));
    }
  }
  if (faults.length > 0) throw new Error(`The shipped templates have faults:\n- ${faults.join('\n- ')}`);
  return { topics, legalFields, templates };
}

function describe(file: string, error: unknown): string[] {
  if (!(error instanceof Fault)) throw error;
  const { fields } = error.details;
  return fields
    ? fields.map(({ field, message }) => `${file}: ${field}: ${message.en}`)
    : [`${file}: ${error.text.en}`];
}
