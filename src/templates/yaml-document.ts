import { isAlias, parseDocument, visit, LineCounter } from 'yaml';
import { fault, type FieldFault } from '../platform/errors';
import { asFieldFault } from './template-faults';

const unreadable = fault('unreadable', 'template.yaml-unreadable', {
  vi: 'Dòng {line}: phần khai báo không đúng định dạng YAML ({reason}); hãy kiểm tra thụt lề, dấu nháy và tên bị lặp.',
  en: 'Line {line}: the declarations are not valid YAML ({reason}); check indentation, quotes and repeated names.',
});

/**
 * Plain YAML 1.2 data, or undefined with every syntax fault noted. Aliases and tags are refused: a notice needs neither,
 * and an alias can make a small file very large.
 *
 * @param linesBefore lines of the file above the first line of `text`, so that faults name the line of the file.
 */
export function readYaml(text: string, linesBefore: number, faults: FieldFault[]): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'silent', stringKeys: true });
  const found = [...document.errors, ...document.warnings].map(({ code, pos }) => ({
    reason: code as string,
    at: pos[0],
  }));
  visit(document, (_key, node) => {
    if (isAlias(node)) found.push({ reason: 'ALIAS', at: node.range?.[0] ?? 0 });
  });
  for (const { reason, at } of found) {
    faults.push(asFieldFault('---', unreadable({ reason, line: lineCounter.linePos(at).line + linesBefore })));
  }
  return found.length === 0 ? document.toJS({ maxAliasCount: 0 }) : undefined;
}
