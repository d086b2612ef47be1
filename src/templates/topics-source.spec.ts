import { Fault } from '../platform/errors';
import { parseTopicsSource } from './topics-source';

function faultsOf(text: string): string[] {
  try {
    parseTopicsSource(text, 'topics.yaml');
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    expect(error.code).toBe('template.source-invalid');
    return (error.details.fields ?? []).map(({ field, code }) => `${field} ${code.replace('template.', '')}`);
  }
  return [];
}

describe('the file of topics', () => {
  it('gives each topic a code and a name in two languages', () => {
    expect(parseTopicsSource('- code: election\n  name: { vi: Bầu cử, en: Elections }\n', 'topics.yaml')).toEqual([
      { code: 'election', name: { vi: 'Bầu cử', en: 'Elections' } },
    ]);
  });

  it('is read like the file of legal fields', () => {
    const text = '- code: land\n  name: { vi: Đất đai, en: Land }\n';
    expect(parseTopicsSource(text, 'legal-fields.yaml')).toEqual([
      { code: 'land', name: { vi: 'Đất đai', en: 'Land' } },
    ]);
    expect(() => parseTopicsSource(text + text, 'legal-fields.yaml')).toThrow('template.source-invalid');
  });

  it('has everything wrong with it named at once', () => {
    const text = `
- code: election
  name: { vi: Bầu cử }
- code: election
  name: { vi: Bầu cử, en: Elections, fr: Élections }
- code: Bầu cử
- 5
`;
    expect(faultsOf(text)).toEqual([
      'topics[3] field-not-map',
      'topics[0].name.en field-missing',
      'topics[1].code topic-repeated',
      'topics[1].name.fr field-unknown',
      'topics[2].code code-malformed',
      'topics[2].name.vi field-missing',
      'topics[2].name.en field-missing',
    ]);
  });

  it.each([
    ['', ['topics field-missing']],
    ['[]', ['topics field-not-list']],
    ['code: a', ['topics field-not-list']],
    ['- [', ['--- yaml-unreadable']],
  ])('cannot be %j', (text, expected) => {
    expect(faultsOf(text)).toEqual(expected);
  });
});
