import { Fault } from '../platform/errors';
import { parseTemplateSource } from './template-source';

const GOOD = `---
code: vote-in-person
title: Tự mình đi bầu cử
topic: election
legalBasis:
  - document: Luật số 85/2015/QH13
    article: Điều 69
validFrom: 2015-09-01
validTo: 2025-06-30
historical: true
variables:
  ho_ten:
    label: Họ và tên
    source: subscriber
    field: fullName
  dt_ubnd:
    label: Điện thoại
    source: campaign
    description: Số máy bàn.
example:
  ho_ten: Lê Bé
  dt_ubnd: 0296 3000000
---
Kính gửi {{ho_ten}}, ĐT: {{dt_ubnd}}.
`;

/** `field code` of every fault found in a file. */
function faultsOf(text: string, fileName = 'vote-in-person.hbs'): string[] {
  try {
    parseTemplateSource(text, fileName);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const fields = error.details.fields ?? [];
    expect(error.code).toBe('template.source-invalid');
    expect(error.details.params).toEqual({ file: fileName.split('/').at(-1), count: fields.length });
    for (const { message } of fields) expect(message.vi + message.en).not.toMatch(/(?<!\{)\{\w+\}/);
    return fields.map(({ field, code }) => `${field} ${code.replace('template.', '')}`);
  }
  return [];
}

/** The faults of the good file with one piece replaced. */
function faultsWith(piece: string | RegExp, replacement: string | ((piece: string) => string)): string[] {
  const text = GOOD.replace(piece, replacement as string);
  expect(text).not.toBe(GOOD);
  return faultsOf(text);
}

describe('a template file', () => {
  it('is read whole', () => {
    expect(parseTemplateSource(GOOD, '/somewhere/templates/vote-in-person.hbs')).toEqual({
      code: 'vote-in-person',
      title: 'Tự mình đi bầu cử',
      topic: 'election',
      legalBasis: [{ document: 'Luật số 85/2015/QH13', article: 'Điều 69' }],
      validFrom: '2015-09-01',
      validTo: '2025-06-30',
      historical: true,
      variables: {
        ho_ten: { source: 'subscriber', field: 'fullName', label: 'Họ và tên' },
        dt_ubnd: { source: 'campaign', label: 'Điện thoại', description: 'Số máy bàn.' },
      },
      example: { ho_ten: 'Lê Bé', dt_ubnd: '0296 3000000' },
      body: 'Kính gửi {{ho_ten}}, ĐT: {{dt_ubnd}}.',
      variants: {},
    });
  });

  it('is the same when it comes from Windows or from a Mac', () => {
    const expected = parseTemplateSource(GOOD, 'vote-in-person.hbs');
    expect(parseTemplateSource(`\ufeff${GOOD.replaceAll('\n', '\r\n')}`, 'vote-in-person.hbs')).toEqual(expected);
    expect(parseTemplateSource(GOOD.normalize('NFD'), 'vote-in-person.hbs')).toEqual(expected);
  });

  it('needs no period, no variables and no mark of history', () => {
    const text = `---\ncode: a\ntitle: Tin\ntopic: t\nlegalBasis: [{ document: Luật, article: Điều 1 }]\n---\nTin.\n`;
    expect(parseTemplateSource(text, 'a.hbs')).toEqual({
      code: 'a',
      title: 'Tin',
      topic: 't',
      legalBasis: [{ document: 'Luật', article: 'Điều 1' }],
      historical: false,
      variables: {},
      example: {},
      body: 'Tin.',
      variants: {},
    });
  });

  it('may name its legal field, defaults of its variables, and say the same in Khmer and Chăm', () => {
    const text = GOOD.replace('topic: election', 'topic: election\nlegalField: election-law')
      .replace('label: Điện thoại', 'label: Điện thoại\n    default: 0296 3111111')
      .replace('example:', 'variants:\n  km: សូមអញ្ជើញ {{bareName ho_ten}}\n  cja: Cam {{ho_ten}} {{dt_ubnd}}\nexample:');
    expect(parseTemplateSource(text, 'vote-in-person.hbs')).toMatchObject({
      legalField: 'election-law',
      variables: { dt_ubnd: { default: '0296 3111111' } },
      variants: { km: 'សូមអញ្ជើញ {{bareName ho_ten}}', cja: 'Cam {{ho_ten}} {{dt_ubnd}}' },
    });
  });

  it.each([
    [
      'with a legal field of two words',
      'topic: election',
      'topic: election\nlegalField: Bầu cử',
      ['legalField code-malformed'],
    ],
    [
      'in a language nobody speaks here',
      'example:',
      'variants: { fr: Bonjour }\nexample:',
      ['variants.fr field-unknown'],
    ],
    ['with an empty variant', 'example:', "variants: { km: '' }\nexample:", ['variants.km field-not-text']],
    ['with a broken variant', 'example:', "variants: { km: '{{#each ho_ten}}' }\nexample:", ['variants.km syntax']],
    [
      'with a variant that uses another variable',
      'example:',
      "variants: { km: 'ក {{ho_ten}} {{ngay}}' }\nexample:",
      ['variants.km variable-undeclared'],
    ],
    [
      'with a default that is blank',
      'label: Điện thoại',
      "label: Điện thoại\n    default: ' '",
      ['variables.dt_ubnd.default field-not-text'],
    ],
    ['whose example is no number', '{{dt_ubnd}}', '{{number dt_ubnd}}', ['example value-unfit']],
    [
      'whose default is no number',
      /\{\{dt_ubnd\}\}|0296 3000000|label: Điện thoại/g,
      (piece: string) =>
        ({
          '{{dt_ubnd}}': '{{number dt_ubnd}}',
          '0296 3000000': "'5'",
          'label: Điện thoại': 'label: x\n    default: năm',
        })[piece]!,
      ['variables.dt_ubnd.default value-unfit'],
    ],
    [
      'whose variant cannot be filled with the example',
      'example:',
      "variants: { km: '{{date ho_ten}}' }\nexample:",
      ['example value-unfit'],
    ],
    ['without declarations', /^---\n/, '', ['--- front-matter-missing']],
    ['without an end of the declarations', /\n---\n/, '\n', ['--- front-matter-missing']],
    ['whose declarations are not YAML', 'historical: true', 'historical: [', ['--- yaml-unreadable']],
    ['that declares a thing twice', 'topic: election', 'topic: election\ntopic: election', ['--- yaml-unreadable']],
    ['with an alias', /true\nvariables/, '&x true\nvariables', []],
    ['with a use of an alias', 'validFrom: 2015-09-01', 'validFrom: &x 2015-09-01\nmore: *x', ['--- yaml-unreadable']],
    ['with a tag', 'topic: election', 'topic: !!js/function election', ['--- yaml-unreadable']],
    ['that is named otherwise', 'code: vote-in-person', 'code: vote-elsewhere', ['code code-not-file-name']],
    ['with a code in capitals', 'code: vote-in-person', 'code: Vote', ['code code-malformed']],
    ['with a topic of two words', 'topic: election', 'topic: bầu cử', ['topic code-malformed']],
    ['without a title', /title.*\n/, '', ['title field-missing']],
    ['with a blank title', /title.*/, "title: ' '", ['title field-not-text']],
    ['without a legal basis', /legalBasis:\n.*\n.*\n/, '', ['legalBasis field-missing']],
    ['with an empty legal basis', /legalBasis:\n.*\n.*\n/, 'legalBasis: []\n', ['legalBasis field-not-list']],
    ['with a legal basis without its article', /\n {4}article.*/, '', ['legalBasis[0].article field-missing']],
    ['with a legal basis that is a word', /legalBasis:\n.*\n.*/, 'legalBasis: [Luật]', ['legalBasis[0] field-not-map']],
    ['with a day that never was', '2015-09-01', '2015-02-30', ['validFrom field-not-date']],
    ['with a Vietnamese date', '2015-09-01', '1/9/2015', ['validFrom field-not-date']],
    ['that ends before it begins', '2025-06-30', '2015-08-31', ['validTo period-reversed']],
    ['with another mark of history', 'historical: true', 'historical: có', ['historical field-not-flag']],
    ['with an unknown field', 'topic: election', 'topic: election\nsubject: x', ['subject field-unknown']],
    [
      'with a variable of unknown source',
      'source: campaign',
      'source: database',
      ['variables.dt_ubnd.source variable-source-unknown'],
    ],
    [
      'with an unknown field of the subscriber',
      'field: fullName',
      'field: phone',
      ['variables.ho_ten.field variable-field-unknown'],
    ],
    [
      'without the field of the subscriber',
      /\n {4}field: fullName/,
      '',
      ['variables.ho_ten.field variable-field-unknown'],
    ],
    [
      'with a field for a value of the campaign',
      'source: campaign',
      'source: campaign\n    field: fullName',
      ['variables.dt_ubnd.field variable-field-unknown'],
    ],
    ['with a variable without a label', /\n {4}label: Điện thoại/, '', ['variables.dt_ubnd.label field-missing']],
    ['with a number for an example', '0296 3000000', '2963000000', ['example.dt_ubnd field-not-text']],
    ['without an example for a variable', /\n {2}dt_ubnd: 0296.*/, '', ['example.dt_ubnd field-missing']],
    ['with an example for nothing', 'example:', 'example:\n  gio_mo: 7 giờ', ['example.gio_mo field-unknown']],
    [
      'with a variable nobody declared',
      '{{ho_ten}}',
      '{{ho_ten}} {{gio_mo}}',
      ['variables.gio_mo variable-undeclared'],
    ],
    ['with a variable nobody uses', ', ĐT: {{dt_ubnd}}', '', ['variables.dt_ubnd variable-unused']],
    ['with a body of two lines', ', ĐT', '\nĐT', ['body control-character']],
    ['with a broken body', '{{dt_ubnd}}.', '{{dt_ubnd}.', ['body syntax']],
    ['without a body', /Kính gửi.*/, '', ['body body-empty']],
    ['whose example is too long to send', '0296 3000000', 'a'.repeat(1_600), ['example text-too-long']],
  ] as [string, string | RegExp, string | ((piece: string) => string), string[]][])(
    '%s is judged',
    (...[_what, piece, replacement, expected]) => {
      expect(faultsWith(piece, replacement)).toEqual(expected);
    },
  );

  it('with dangerous names has them refused', () => {
    const names = ['__proto__', 'constructor', 'Ten', 'họ_tên'];
    for (const name of names) {
      expect(faultsWith('variables:', `variables:\n  ${name}: { label: x, source: campaign }`)).toContain(
        `variables.${name} variable-name-invalid`,
      );
    }
  });

  it('has everything wrong with it named at once', () => {
    const bad = GOOD.replace('title: Tự mình đi bầu cử\n', '')
      .replace('topic: election', 'topic: Bầu cử')
      .replace('2025-06-30', '30/6/2025')
      .replace('source: campaign', 'source: x')
      .replace('Kính gửi', '{{> p}} {{{gio_mo}}}');
    expect(faultsOf(bad, 'other.hbs')).toEqual([
      'body construct-refused',
      'body unescaped-placeholder',
      'code code-not-file-name',
      'title field-missing',
      'topic code-malformed',
      'validTo field-not-date',
      'variables.dt_ubnd.source variable-source-unknown',
    ]);
  });

  it('names the line of the file where its declarations cannot be read', () => {
    try {
      parseTemplateSource(GOOD.replace('historical: true', 'historical: true\nhistorical: true'), 'vote-in-person.hbs');
      throw new Error('nothing was refused');
    } catch (error) {
      expect((error as Fault).details.fields?.[0]?.message.en).toContain('Line 11:');
    }
  });
});
