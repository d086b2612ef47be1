import { previewText } from './preview';
import { compileTemplate } from './render';

describe('the preview of one recipient', () => {
  const compiled = compileTemplate('Kính mời {{ho_ten}} đi bầu cử.');

  it('shows the text with and without accents, and what each of them costs', () => {
    expect(previewText(compiled, { ho_ten: 'Đỗ Văn Á' })).toEqual({
      accented: { text: 'Kính mời Đỗ Văn Á đi bầu cử.', encoding: 'UCS-2', units: 28, segments: 1 },
      unaccented: { text: 'Kinh moi Do Van A di bau cu.', encoding: 'GSM-7', units: 28, segments: 1 },
    });
  });

  it('shows how the accents multiply the bill of a long name', () => {
    const { accented, unaccented } = previewText(compiled, { ho_ten: 'ơ'.repeat(134) });
    expect([accented.units, accented.segments, unaccented.units, unaccented.segments]).toEqual([154, 3, 154, 1]);
  });

  it('is refused when the recipient lacks a value', () => {
    expect(() => previewText(compiled, { ho_ten: '' })).toThrow('template.value-missing');
  });
});
