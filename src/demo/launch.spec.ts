import { STAFF_PHONE } from './accounts';
import { NOTICES, overridesOf } from './notices';
import { officeRows } from './office-rows';
import { samplePdf } from './sample-document';

describe('what the demo launches its campaigns with', () => {
  it('tries its notices on a number that nobody of the list has', () => {
    const own = STAFF_PHONE.slice('+84'.length);
    const others = [...officeRows(1, 2021)].filter(({ phone }) => String(phone).replaceAll(/\D/g, '').includes(own));
    expect(others).toEqual([]);
  });

  it('says of every rule set aside that it is for the demonstration, and sets aside none without need', () => {
    for (const reason of NOTICES.flatMap((notice) => Object.values(overridesOf(notice)))) {
      expect(reason).toMatch(/^Bản trình diễn: /);
    }
    const [voterList, electionDay, masks, quarantine] = NOTICES.map((notice) => Object.keys(overridesOf(notice)));
    expect(voterList).toEqual(['urgent']);
    expect(electionDay).toEqual(['urgent', 'fatigueCap']);
    expect(masks).toEqual(['urgent', 'expiredTemplate']);
    expect(quarantine).toEqual(['urgent', 'expiredTemplate', 'fatigueCap']);
  });

  it('has a document that any reader opens: every object lies where the cross-reference table says', () => {
    const pdf = samplePdf();
    expect(samplePdf().equals(pdf)).toBe(true);
    const text = pdf.toString('latin1');
    expect(text).toMatch(/^%PDF-1\.4\n/);
    expect(text).toContain('KHONG CO GIA TRI PHAP LY');
    const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1]);
    expect(text.slice(table)).toMatch(/^xref\n0 6\n/);
    const places = [...text.matchAll(/^(\d{10}) 00000 n $/gm)].map(([, place]) => Number(place));
    expect(places).toHaveLength(5);
    for (const [at, place] of places.entries()) expect(text.slice(place)).toMatch(new RegExp(`^${at + 1} 0 obj\n`));
    const [, length, content] = /\/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/.exec(text)!;
    expect(content).toHaveLength(Number(length));
  });
});
