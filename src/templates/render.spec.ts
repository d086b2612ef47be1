import Handlebars from 'handlebars';
import fc from 'fast-check';
import { Fault } from '../platform/errors';
import { compileTemplate, MAX_TEXT_LENGTH } from './render';
import { FORMATTING_HELPERS, TEMPLATE_HELPERS } from './template-helpers';

function faultOf(act: () => unknown): Fault {
  try {
    act();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** `code line:column` of everything refused in a body. */
function refusals(body: string): string[] {
  const { code, details } = faultOf(() => compileTemplate(body));
  expect(code).toBe('template.body-invalid');
  return (details.fields ?? []).map((field) => {
    const [, line, column] = /^Line (\d+), column (\d+)/.exec(field.message.en) ?? [];
    expect(field.field).toBe('body');
    expect(field.message.vi).not.toBe(field.message.en);
    return line ? `${field.code.replace('template.', '')} ${line}:${column}` : field.code.replace('template.', '');
  });
}

describe('rendering a notice', () => {
  const greeting = compileTemplate('Kính mời {{ho_ten}}, {{xa_phuong}} đi bầu cử.');

  it('fills in the values of a recipient', () => {
    const text = greeting.render({ ho_ten: 'Lê Bé', xa_phuong: 'xã Ba Chúc', khong_dung: 'x' });
    expect(text).toBe('Kính mời Lê Bé, xã Ba Chúc đi bầu cử.');
  });

  it('names the variables of the body once each, in order, those in conditions included', () => {
    const { variables } = compileTemplate(
      '{{b}} {{a}} {{b}} {{#if c}}{{d}}{{else}}{{e}}{{/if}}{{#unless f}}g{{/unless}}',
    );
    expect(variables).toEqual(['b', 'a', 'c', 'd', 'e', 'f']);
  });

  it('brings braces, quotes, ampersands and angle brackets of a value through to the letter', () => {
    const name = `{{ho_ten}} {{{x}}} {{#if a}} "Bé" 'Ba' & <b> \\{{ $& $1 %s &amp; __proto__`;
    expect(greeting.render({ ho_ten: name, xa_phuong: 'xã B' })).toBe(`Kính mời ${name}, xã B đi bầu cử.`);
  });

  it('brings any printable value through to the letter', () => {
    const printable = fc.string({ unit: 'grapheme-composite', minLength: 1, maxLength: 80 });
    const { render } = compileTemplate('[{{a}}|{{b}}]');
    fc.assert(
      fc.property(printable, printable, (a, b) => {
        fc.pre(a.trim() !== '' && b.trim() !== '' && !/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(a + b));
        expect(render({ a, b })).toBe(`[${a}|${b}]`.normalize('NFC'));
      }),
    );
  });

  it('composes decomposed letters, in the body as in the values, so that none is billed twice', () => {
    const { body, render } = compileTemplate('Cử tri {{ho_ten}}'.normalize('NFD'));
    expect(body).toBe('Cử tri {{ho_ten}}'.normalize('NFC'));
    expect(render({ ho_ten: 'Nguyễn Thị Ngọc Phượng'.normalize('NFD') })).toBe(
      'Cử tri Nguyễn Thị Ngọc Phượng'.normalize('NFC'),
    );
    expect(compileTemplate('Cu{{a}}').render({ a: '\u031b\u0309' })).toBe('Cử');
  });

  it('stays on one line whatever a value holds', () => {
    const text = greeting.render({ ho_ten: ' Lê\r\n\tBé\u0000', xa_phuong: 'xã\u2028B\u0085\u007f' });
    expect(text).toBe('Kính mời Lê Bé, xã B đi bầu cử.');
  });

  it('replaces half a surrogate pair, which no database would store', () => {
    expect(greeting.render({ ho_ten: 'B\ud83dé', xa_phuong: '😀' })).toBe('Kính mời B\ufffdé, 😀 đi bầu cử.');
  });

  it('writes the same text without accents on demand', () => {
    const values = { ho_ten: 'Lê Đặng…', xa_phuong: 'xã Ba Chúc' };
    expect(greeting.render(values, 'unaccented')).toBe('Kinh moi Le Dang..., xa Ba Chuc di bau cu.');
  });

  it('renders the 37,400 recipients of the year 2021 within a second', () => {
    const recipients = Array.from({ length: 37_400 }, (_, i) => ({
      ho_ten: `Nguyễn Thị Ngọc Phượng ${i}`,
      xa_phuong: 'xã Ba Chúc',
    }));
    const before = process.cpuUsage();
    const texts = new Set(recipients.map((values) => greeting.render(values)));
    const { user, system } = process.cpuUsage(before);
    expect(texts.size).toBe(37_400);
    expect((user + system) / 1e6).toBeLessThan(1);
  });
});

describe('a recipient without a value', () => {
  const body = compileTemplate('Kính gửi {{ho_ten}}{{#if dt_ubnd}}, ĐT: {{dt_ubnd}}{{/if}}, {{xa_phuong}}.');

  it('is refused by name of every variable that lacks one', () => {
    const fault = faultOf(() => body.render({ dt_ubnd: '' }));
    expect(fault.code).toBe('template.value-missing');
    expect(fault.details.params).toEqual({ names: 'ho_ten, xa_phuong' });
    expect(fault.text.vi).toContain('ho_ten, xa_phuong');
  });

  it.each([[''], ['  '], ['\u00a0\u200b'], ['\n'], ['\u0000\u0085'], [undefined]])(
    'is refused for %j, which would leave a gap',
    (ho_ten) => {
      expect(body.missing({ ho_ten, dt_ubnd: '', xa_phuong: 'xã B' })).toEqual(['ho_ten']);
      expect(() => body.render({ ho_ten, dt_ubnd: '', xa_phuong: 'xã B' })).toThrow('template.value-missing');
    },
  );

  it('may lack what stands in an if block, once it is known to be lacking', () => {
    expect(body.render({ ho_ten: 'Lê Bé', dt_ubnd: ' ', xa_phuong: 'xã B' })).toBe('Kính gửi Lê Bé, xã B.');
    expect(body.render({ ho_ten: 'Lê Bé', dt_ubnd: '0296', xa_phuong: 'xã B' })).toBe(
      'Kính gửi Lê Bé, ĐT: 0296, xã B.',
    );
    expect(body.missing({ ho_ten: 'Lê Bé', xa_phuong: 'xã B' })).toEqual(['dt_ubnd']);
    expect(body.missing({ ho_ten: 'Lê Bé', dt_ubnd: undefined, xa_phuong: 'xã B' })).toEqual(['dt_ubnd']);
  });

  it('is asked only for what the branch taken needs', () => {
    const { missing, render } = compileTemplate('{{#unless a}}{{b}}{{else if c}}{{d}}{{else}}{{e}}{{/unless}}');
    expect(missing({ a: '', b: 'B', c: '', d: '', e: '' })).toEqual([]);
    expect(missing({ a: 'A', b: '', c: 'C', d: '', e: '' })).toEqual(['d']);
    expect(render({ a: 'A', b: '', c: '', d: '', e: 'E' })).toBe('E');
  });

  it('does not find a value in what every object inherits', () => {
    const inherited = Object.create({ ten: 'x' }) as Record<string, string>;
    expect(compileTemplate('{{ten}} {{valueof}}').missing({ ...inherited })).toEqual(['ten', 'valueof']);
  });
});

describe('helpers in a body', () => {
  it.each(TEMPLATE_HELPERS.map(({ name, example }) => [name, example] as const))(
    '%s does what is said of it',
    (...[name, example]) => {
      expect(example.body).toContain(name);
      expect(compileTemplate(example.body).render({ gia_tri: example.value })).toBe(example.text);
    },
  );

  it('write a day, a number, a name and capitals as Vietnamese is written', () => {
    const { variables, render } = compileTemplate(
      'Ngày {{date ngay}} (ngày {{date ngay "long"}}): {{number tien}} đồng, {{bareName ten}}, {{upper ten}}',
    );
    expect(variables).toEqual(['ngay', 'tien', 'ten']);
    const values = { ngay: ' 2026-03-08', tien: '1500000 ', ten: 'Bà Đặng Thị Thủy' };
    expect(render(values)).toBe(
      'Ngày 08/3/2026 (ngày 08 tháng 3 năm 2026): 1.500.000 đồng, Đặng Thị Thủy, BÀ ĐẶNG THỊ THỦY',
    );
    expect(render({ ...values, ten: 'Bà Đặng Thị Thủy'.normalize('NFD') })).toBe(render(values));
    expect(render(values, 'unaccented')).toBe(
      'Ngay 08/3/2026 (ngay 08 thang 3 nam 2026): 1.500.000 dong, Dang Thi Thuy, BA DANG THI THUY',
    );
  });

  it('name every value they cannot write, for each recipient apart', () => {
    const { missing, unfit, render } = compileTemplate('{{date a}}{{#if b}} {{number b}} {{date c "long"}}{{/if}}');
    expect(unfit({ a: '23/5/2021', b: '', c: 'mai' })).toEqual([]);
    expect(unfit({ a: '30/2/2021', b: 'năm', c: 'mai' })).toEqual(['a', 'b', 'c']);
    expect([missing({ a: ' ', b: '', c: '' }), unfit({ a: ' ', b: '', c: '' })]).toEqual([['a'], []]);
    const fault = faultOf(() => render({ a: '30/2/2021', b: '5', c: 'mai' }));
    expect([fault.code, fault.details.params]).toEqual(['template.value-unfit', { names: 'a, c' }]);
  });

  it('are bounded in size like everything else', () => {
    const { render } = compileTemplate('{{upper a}}');
    expect(faultOf(() => render({ a: 'ß'.repeat(900) })).code).toBe('template.text-too-long');
  });

  it('write what Handlebars itself would write', () => {
    const reference = Handlebars.create();
    for (const [name, { format, styles }] of FORMATTING_HELPERS) {
      reference.registerHelper(name, (value: string, style: unknown) => (styles?.get(String(style)) ?? format)(value));
    }
    const leaf = fc.constantFrom(
      ...['Mời ', ' đi bầu, ', ' "&<\'', '{{ten}}', ' {{~ten~}} ', '{{ngay}}', '{{upper ten}}', '{{bareName ten~}} '],
      ...['{{date ngay}}', '{{~date ngay "long"}}', '{{number so}}'],
    );
    const { body } = fc.letrec<{ body: string; block: string }>((tie) => ({
      body: fc
        .array(fc.oneof({ withCrossShrink: true }, leaf, tie('block')), { maxLength: 5 })
        .map((parts) => parts.join('')),
      block: fc
        .tuple(fc.constantFrom('if', 'unless'), fc.constantFrom('ten', 'trong'), tie('body'), tie('body'), fc.boolean())
        .map(([kind, name, inside, otherwise, trim]) =>
          trim
            ? `{{#${kind} ${name}~}} ${inside} {{~else}}${otherwise}{{~/${kind}}}`
            : `{{#${kind} ${name}}}${inside}{{else if so}}x{{else}}${otherwise}{{/${kind}}}`,
        ),
    }));
    const values = { ten: 'Ông Lê Bé', ngay: '8/3/2026', so: '1500', trong: '' };
    fc.assert(
      fc.property(body, (written) => {
        // The marks around it keep spaces at the ends and the text from being nothing.
        const text = `[${written}]`;
        fc.pre(text.length < 4_000);
        const { render } = compileTemplate(text);
        const expected = reference.compile(text, { noEscape: true, ignoreStandalone: true } as object)(values);
        fc.pre(expected.length < MAX_TEXT_LENGTH);
        expect(render(values)).toBe(expected.normalize('NFC'));
      }),
      { numRuns: 300 },
    );
  });
});

describe('the length of a text', () => {
  it(`is refused beyond ${MAX_TEXT_LENGTH} characters`, () => {
    const { render } = compileTemplate('{{a}}');
    expect(render({ a: 'ơ'.repeat(MAX_TEXT_LENGTH) })).toHaveLength(MAX_TEXT_LENGTH);
    const fault = faultOf(() => render({ a: 'ơ'.repeat(MAX_TEXT_LENGTH + 1) }));
    expect(fault.code).toBe('template.text-too-long');
    expect(fault.details.params).toEqual({ length: 1601, limit: 1600 });
  });

  it('is not shortened by leaving accents out where there is no plain form', () => {
    const khmer = compileTemplate('សូមអញ្ជើញ\u200b {{a}}…');
    expect(khmer.render({ a: 'Đặng' }, 'unaccented')).toBe('សូមអញ្ជើញ\u200b Đặng…');
    expect(compileTemplate('Cam {{a}}…').render({ a: 'Đặng' }, 'unaccented')).toBe('Cam Dang...');
  });

  it('is measured as sent: without accents three dots are longer than an ellipsis', () => {
    const { render } = compileTemplate('{{a}}');
    expect(render({ a: '…'.repeat(600) })).toHaveLength(600);
    expect(faultOf(() => render({ a: '…'.repeat(600) }, 'unaccented')).code).toBe('template.text-too-long');
  });

  it('is never nothing', () => {
    expect(faultOf(() => compileTemplate('{{#if a}}x{{/if}}').render({ a: '' })).code).toBe('template.text-empty');
  });
});

describe('the body of a template', () => {
  it.each([
    'Tin {{ho_ten}}',
    '{{ ho_ten }}',
    'a {{~ho_ten~}} b',
    '{{#if a}}x{{else if b}}y{{else}}z{{/if}}',
    '& < > " 100%',
  ])('may be %j', (body) => expect(compileTemplate(body).body).toBe(body));

  it.each([
    ['a variable with accents', 'Tin {{họ_tên}}', ['placeholder-name 1:5']],
    ['a variable with capitals', '{{Ten}}', ['placeholder-name 1:1']],
    ['a path', '{{a.b}}', ['placeholder-name 1:1']],
    ['a parent', '{{../a}}', ['placeholder-name 1:1']],
    ['this', '{{this}} {{this.a}} {{./a}}', ['placeholder-name 1:1', 'placeholder-name 1:10', 'placeholder-name 1:21']],
    ['the root', '{{@root.a}}', ['placeholder-name 1:1']],
    ['brackets', '{{[a]}}', ['placeholder-name 1:1']],
    ['literals', '{{"a"}}{{1}}{{true}}', ['placeholder-name 1:1', 'placeholder-name 1:8', 'placeholder-name 1:13']],
    ['what every object has', '{{constructor}} {{__proto__}}', ['placeholder-name 1:1', 'placeholder-name 1:17']],
    ['three braces', 'a {{{b}}}', ['unescaped-placeholder 1:3']],
    ['an ampersand', 'a {{&b}}', ['unescaped-placeholder 1:3']],
    ['a helper', '{{lookup a b}}', ['helper-unknown 1:1']],
    ['a named argument', '{{a b=1}}', ['helper-unknown 1:1']],
    ['an unknown helper with a known one in it', '{{lower (upper a)}}', ['helper-unknown 1:1']],
    ['a helper in a helper', '{{upper (bareName a)}}', ['helper-arguments 1:1']],
    ['a call for a name', '{{(upper a)}}', ['syntax 1:3']],
    ['a helper in a condition', '{{#if (date a)}}x{{/if}}', ['placeholder-name 1:7']],
    ['a helper of nothing', 'a {{date}} {{#if upper}}b{{/if}}', ['helper-arguments 1:3', 'placeholder-name 1:18']],
    ['a helper of two', '{{upper a b}}', ['helper-arguments 1:1']],
    ['a helper of itself', '{{date date}}', ['placeholder-name 1:8']],
    [
      'a style that is none',
      '{{date a "ISO"}}{{date a long}}{{date a 1}}',
      [1, 17, 32].map((at) => `helper-arguments 1:${at}`),
    ],
    ['a style that every object has', '{{date a "constructor"}}', ['helper-arguments 1:1']],
    ['a style where there is none', '{{number a "long"}}', ['helper-arguments 1:1']],
    ['a named argument of a helper', '{{date a style="long"}}', ['helper-arguments 1:1']],
    ['a helper of a text', '{{date "2021-05-23"}}', ['placeholder-name 1:8']],
    [
      'a helper of a path',
      '{{upper a.b}} {{upper this}} {{upper @root}}',
      [9, 23, 38].map((at) => `placeholder-name 1:${at}`),
    ],
    ['a helper around text', '{{#upper a}}b{{/upper}}', ['helper-arguments 1:1']],
    ['a helper unescaped', '{{{upper a}}}{{&date a}}', ['unescaped-placeholder 1:1', 'unescaped-placeholder 1:14']],
    [
      'a helper by another spelling',
      '{{[date] a}}{{"date" a}}{{./date a}}',
      [1, 13, 25].map((at) => `helper-unknown 1:${at}`),
    ],
    ['a loop', 'a {{#each b}}{{c}}{{/each}}', ['helper-unknown 1:3']],
    ['a section', '{{#a}}x{{/a}}{{^a}}y{{/a}}', ['helper-unknown 1:1', 'helper-unknown 1:14']],
    ['an inverted if', '{{^if a}}x{{/if}}', ['inverted-block 1:1']],
    [
      'an if on nothing plain',
      '{{#if (a)}}x{{/if}}{{#if a.b}}x{{/if}}',
      ['placeholder-name 1:7', 'placeholder-name 1:26'],
    ],
    ['an if on two', '{{#if a b}}x{{/if}}', ['block-argument 1:1']],
    ['an if with options', '{{#if a includeZero=true}}x{{/if}}', ['block-argument 1:1']],
    ['block parameters', '{{#if a as |b|}}x{{/if}}', ['block-argument 1:1']],
    ['a partial', '{{> p}}', ['construct-refused 1:1']],
    ['a partial block', '{{#> p}}x{{/p}}', ['construct-refused 1:1']],
    ['a decorator', '{{* d}}{{#*inline "x"}}y{{/inline}}', ['construct-refused 1:1', 'construct-refused 1:8']],
    ['a raw block', '{{{{if a}}}}{{b}}{{{{/if}}}}', ['construct-refused 1:1']],
    ['a comment', 'a{{! b }}c{{!-- d --}}', ['comment-refused 1:2', 'comment-refused 1:11']],
    ['an escaped variable', 'a \\{{b}} c', ['escaped-placeholder 1:3']],
    ['a single brace', 'Kính gửi {ho_ten}', ['stray-brace 1:10', 'stray-brace 1:17']],
    ['a brace too few', 'Kính gửi {{ho_ten}, mời đi bầu cử', ['syntax 1:18']],
    ['nothing in the braces', 'ab {{}}', ['syntax 1:6']],
    ['a block left open', 'a {{#if b}} c', ['syntax 1:14']],
    ['a block closed by another', 'a {{#if b}}c{{/unless}}', ['syntax 1:6']],
    ['an else alone', 'ab {{else}}', ['syntax 1:4']],
    [
      'a line break',
      'a\n{{b}} c\r\nd{{E}}',
      ['control-character 1:2', 'control-character 2:8', 'placeholder-name 3:2'],
    ],
    ['half an emoji', 'a\ud83db', ['control-character 1:2']],
    ['nothing', ' \n ', ['body-empty']],
    ['a book', 'a'.repeat(4_001), ['body-too-long']],
  ])('may not hold %s', (_what, body, expected) => {
    expect(refusals(body)).toEqual(expected);
  });

  it('finds the place of an error in a long text', () => {
    const before = 'Kính gửi ông/bà {{ho_ten}}, mời đi bầu cử ngày {{ngay_bau_cu';
    expect(refusals(`${before}}, tại {{diem_bau_cu}} từ 7 giờ.`)).toEqual([`syntax 1:${before.length + 1}`]);
  });

  it('finds the place of an error at the end of a text that repeats itself', () => {
    const body = `{{#if a}}${'Nhớ mang theo thẻ cử tri khi đi bầu. '.repeat(3)}`.trim();
    expect(refusals(body)).toEqual([`syntax 1:${body.length + 1}`]);
  });

  it('has everything wrong with it named at once', () => {
    expect(refusals('{{A}} {b} {{> c}} {{#if d}}{{{e}}}{{/if}} \\{{f}}')).toEqual([
      'placeholder-name 1:1',
      'stray-brace 1:7',
      'stray-brace 1:9',
      'construct-refused 1:11',
      'unescaped-placeholder 1:28',
      'escaped-placeholder 1:43',
    ]);
  });

  it('knows no helper or partial that other code registered', () => {
    Handlebars.registerHelper('ten', () => 'bị đổi');
    Handlebars.registerHelper('if', () => 'bị đổi');
    try {
      expect(compileTemplate('{{ten}}{{#if a}}b{{/if}}').render({ ten: 'Lê Bé', a: 'A' })).toBe('Lê Béb');
    } finally {
      Handlebars.unregisterHelper('ten');
      Handlebars.registerHelper('if', Handlebars.create().helpers['if'] as Handlebars.HelperDelegate);
    }
  });

  it('either compiles or is refused with a place, whatever is typed', () => {
    const pieces = fc.constantFrom(
      '{{',
      '}}',
      '{',
      '}',
      '#if',
      '/if',
      'else',
      ' ',
      'ten',
      'ơ',
      '~',
      '!',
      '>',
      '&',
      '"',
      '\\',
      '^',
      '\n',
      '.',
      '(',
      '=',
      'date ',
      'upper ',
      '"long"',
    );
    fc.assert(
      fc.property(fc.string({ unit: pieces, maxLength: 30 }), (body) => {
        try {
          const { variables, render } = compileTemplate(body);
          expect(render(Object.fromEntries(variables.map((name) => [name, 'x'])))).not.toMatch(/[{}\n]/);
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
          for (const { message } of (error as Fault).details.fields ?? []) {
            expect(message.vi + message.en).not.toMatch(/\{(line|column|name|near|example|length|limit)\}/);
          }
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
