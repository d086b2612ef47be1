import { basename } from 'node:path';
import type { FieldFault, Localised } from '../platform/errors';
import { legalFieldRepeated, sourceInvalid, topicRepeated } from './source-faults';
import { readYaml } from './yaml-document';
import { YamlFields } from './yaml-fields';

/** What a notice is about (statistics count by its code), or the legal field it belongs to. */
export interface TopicSource {
  readonly code: string;
  readonly name: Localised;
}

const REPEATED = { topics: topicRepeated, 'legal-fields': legalFieldRepeated };

/**
 * Reads the file of topics or of legal fields: a YAML list of `code` and `name` (`vi`, `en`).
 *
 * @throws Fault `template.source-invalid`, with every fault in `details.fields`, such as `topics[1].name.en`.
 */
export function parseTopicsSource(text: string, fileName: 'topics.yaml' | 'legal-fields.yaml'): TopicSource[] {
  const list = basename(fileName, '.yaml') as keyof typeof REPEATED;
  const faults: FieldFault[] = [];
  const data = readYaml(text, 0, faults);
  const topics = faults.length === 0 ? readTopics(new YamlFields({ [list]: data }, '', faults), list) : [];
  if (faults.length > 0) throw sourceInvalid(fileName, faults);
  return topics;
}

function readTopics(file: YamlFields, list: keyof typeof REPEATED): TopicSource[] {
  const seen = new Set<string>();
  return file.list(list).map((item) => {
    item.refuseOthersThan(['code', 'name']);
    const code = item.code('code');
    if (code !== '' && seen.has(code)) item.refuse(REPEATED[list], 'code', { code });
    seen.add(code);
    const name = item.inner('name');
    name.refuseOthersThan(['vi', 'en']);
    return { code, name: { vi: name.text('vi'), en: name.text('en') } };
  });
}
