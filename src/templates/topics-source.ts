import { basename } from 'node:path';
import type { FieldFault, Localised } from '../platform/errors';
import { sourceInvalid, topicRepeated } from './source-faults';
import { readYaml } from './yaml-document';
import { YamlFields } from './yaml-fields';

/** What a notice is about; statistics count by its code. */
export interface TopicSource {
  readonly code: string;
  readonly name: Localised;
}

const LIST = 'topics';

/**
 * Reads the file of topics: a YAML list of `code` and `name` (`vi`, `en`).
 *
 * @throws Fault `template.source-invalid`, with every fault in `details.fields`, such as `topics[1].name.en`.
 */
export function parseTopicsSource(text: string, fileName: string): TopicSource[] {
  const faults: FieldFault[] = [];
  const data = readYaml(text, 0, faults);
  const topics = faults.length === 0 ? readTopics(new YamlFields({ [LIST]: data }, '', faults)) : [];
  if (faults.length > 0) throw sourceInvalid(basename(fileName), faults);
  return topics;
}

function readTopics(file: YamlFields): TopicSource[] {
  const seen = new Set<string>();
  return file.list(LIST).map((item) => {
    item.refuseOthersThan(['code', 'name']);
    const code = item.code('code');
    if (code !== '' && seen.has(code)) item.refuse(topicRepeated, 'code', { code });
    seen.add(code);
    const name = item.inner('name');
    name.refuseOthersThan(['vi', 'en']);
    return { code, name: { vi: name.text('vi'), en: name.text('en') } };
  });
}
