import fc from 'fast-check';
import { compareTexts, compareVersions, type Piece } from './compare-versions';
import type { TemplateVersion } from './templates.store';

/** `-removed-` and `+added+` within what stayed. */
function marked(pieces: readonly Piece[]): string {
  return pieces
    .map(({ kind, text }) => (kind === 'same' ? text : kind === 'added' ? `+${text}+` : `-${text}-`))
    .join('');
}

describe('two texts compared', () => {
  it.each([
    ['Mời đi bầu cử.', 'Mời đi bầu cử.', 'Mời đi bầu cử.'],
    ['Mời đi bầu cử.', 'Mời ông đi bầu.', 'Mời +ông +đi bầu- cử-.'],
    ['ngày 23/5/2021 tại xã', 'ngày 15/3/2026 tại xã', 'ngày -23/5/2021-+15/3/2026+ tại xã'],
    ['phạt từ 1 đến 3 triệu', 'phạt từ 2 đến 3 triệu', 'phạt từ -1-+2+ đến 3 triệu'],
    ['Nghị định 117/2020/NĐ-CP', 'Nghị định 124/2021/NĐ-CP', 'Nghị định -117/2020/NĐ-CP-+124/2021/NĐ-CP+'],
    ['Kính gửi {{ho_ten}}!', 'Kính gửi {{upper ho_ten}}!', 'Kính gửi -{{ho_ten}}-+{{upper ho_ten}}+!'],
    ['Kính mời cử tri đi', 'Trân trọng báo cử tri đi', '-Kính mời-+Trân trọng báo+ cử tri đi'],
    ['', 'Mới', '+Mới+'],
  ])('%j and %j', (before, after, expected) => expect(marked(compareTexts(before, after))).toBe(expected));

  it('are not cut within a Vietnamese syllable: quyết and quyền are two words', () => {
    expect(compareTexts('quyết định', 'quyền định')).toEqual([
      { kind: 'removed', text: 'quyết' },
      { kind: 'added', text: 'quyền' },
      { kind: 'same', text: ' định' },
    ]);
  });

  it('that have nothing in common are told apart whole, however long', () => {
    const [before, after] = ['!?'.repeat(2_000), '.;'.repeat(2_000)];
    expect(compareTexts(before, after)).toEqual([
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ]);
  });

  it('are compared by words in Khmer too, which puts no spaces between them', () => {
    expect(compareTexts('សូមអញ្ជើញទៅបោះឆ្នោត', 'សូមអញ្ជើញមកបោះឆ្នោត')).toEqual([
      { kind: 'same', text: 'សូមអញ្ជើញ' },
      { kind: 'removed', text: 'ទៅ' },
      { kind: 'added', text: 'មក' },
      { kind: 'same', text: 'បោះឆ្នោត' },
    ]);
  });

  const text = fc
    .array(fc.constantFrom('Kính', 'mời', ' ', ' ', ',', '{{ho_ten}}', '{{#if a}}', '23/5/2021', 'đi', 'ទៅ', 'ꨌꩌ', '😀'))
    .map((words) => words.join(''));

  it('give back both: what stayed with what went is the earlier text, with what came the later one', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const pieces = compareTexts(before, after);
        const without = (kind: Piece['kind']): string =>
          pieces.map((piece) => (piece.kind === kind ? '' : piece.text)).join('');
        expect([without('added'), without('removed')]).toEqual([before, after]);
        for (const piece of pieces) expect(piece.text).not.toBe('');
      }),
      { numRuns: 2_000 },
    );
  });

  it('never part a letter from its mark, nor a word in two', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const pieces = compareTexts(before, after);
        const earlier = pieces.filter(({ kind }) => kind !== 'added').map((piece) => piece.text);
        for (const [index, piece] of earlier.entries()) {
          const border = piece.slice(-1) + (earlier[index + 1]?.[0] ?? '');
          expect(border).not.toMatch(/^[\p{Script=Latin}\p{M}]{2}$/u);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('two versions compared', () => {
  const version = {
    title: 'Nhắc',
    body: 'Mời {{ho_ten}}',
    variants: { km: 'ក {{ho_ten}}' },
    legalBasis: [{ document: 'Luật 85', article: 'Điều 69' }],
    validFrom: null,
    validTo: '2025-06-30',
    variables: { ho_ten: { source: 'subscriber', field: 'fullName', label: 'Họ tên' } },
    example: { ho_ten: 'Lê Bé' },
  } as unknown as TemplateVersion;

  it('say what changed beside the texts, before and after', () => {
    const later = {
      ...version,
      title: 'Nhắc nhở',
      validTo: null,
      variables: {
        ho_ten: { ...version.variables['ho_ten'], default: 'cử tri' },
        gio: { source: 'campaign', label: 'Giờ' },
      },
      example: { ho_ten: 'Lê Bé', gio: '7 giờ' },
      variants: { cja: 'Cam' },
    } as unknown as TemplateVersion;
    const { body, variants, changes } = compareVersions(version, later);
    expect(body).toEqual([{ kind: 'same', text: 'Mời {{ho_ten}}' }]);
    expect(variants).toEqual({
      km: [{ kind: 'removed', text: 'ក {{ho_ten}}' }],
      cja: [{ kind: 'added', text: 'Cam' }],
    });
    expect(changes).toEqual([
      { field: 'title', before: 'Nhắc', after: 'Nhắc nhở' },
      { field: 'validTo', before: '2025-06-30', after: null },
      { field: 'variables.ho_ten', before: version.variables['ho_ten'], after: later.variables['ho_ten'] },
      { field: 'variables.gio', before: null, after: later.variables['gio'] },
      { field: 'example.gio', before: null, after: '7 giờ' },
    ]);
  });

  it('are the same whatever the order of keys', () => {
    const { field, ...rest } = version.variables['ho_ten'] as { field: string };
    const turned = { ...version, variables: { ho_ten: { field, ...rest } } } as unknown as TemplateVersion;
    expect(compareVersions(version, turned).changes).toEqual([]);
  });
});
