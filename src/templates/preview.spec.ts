import { checkText, previewText } from './preview';
import { compileTemplate } from './render';

describe('the preview of one recipient', () => {
  const compiled = compileTemplate('Kính mời {{ho_ten}} đi bầu cử.');

  it('shows the text with and without accents, and what each of them costs', () => {
    expect(previewText(compiled, { ho_ten: 'Đỗ Văn Á' })).toMatchObject({
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

  it('points out what forces UCS-2 in each of the two', () => {
    const { accented, unaccented } = previewText(compiled, { ho_ten: 'Á “😀”' });
    expect(accented.ucs2.accentedLetters.map(({ character }) => character).join('')).toBe('íờÁđầử');
    expect(accented.ucs2.surprises.map(({ character }) => character)).toEqual(['“', '😀', '”']);
    expect(unaccented.ucs2).toMatchObject({ accentedLetters: [], surprises: [{ character: '😀', position: 12 }] });
  });
});

describe('a text that somebody typed', () => {
  it('is shown composed, in both modes, and with everything replaced that a word processor brought in', () => {
    const typed = 'Phạt “1 – 3 triệu”…\u00a0₫'.normalize('NFD');
    expect(checkText(typed)).toMatchObject({
      text: 'Phạt “1 – 3 triệu”…\u00a0₫',
      wasNfc: false,
      replaced: 'Phạt "1 - 3 triệu"... đồng',
      accented: { encoding: 'UCS-2', units: 21, segments: 1 },
      unaccented: { text: 'Phat "1 - 3 trieu"... dong', encoding: 'GSM-7', units: 26, segments: 1 },
    });
    expect(checkText('Kinh moi')).toMatchObject({
      wasNfc: true,
      replaced: 'Kinh moi',
      accented: { encoding: 'GSM-7' },
    });
  });

  it('stays as it is without accents when its script has no plain form', () => {
    const khmer = 'សូមអញ្ជើញ\u200b Nguyễn';
    expect(checkText(khmer).unaccented.text).toBe(khmer);
  });

  it('may be nothing yet', () => {
    expect(checkText('').accented).toEqual({
      text: '',
      encoding: 'GSM-7',
      units: 0,
      segments: 0,
      ucs2: { accentedLetters: [], surprises: [] },
    });
  });
});
