import { auditorsTable } from './auditor-table';
import { displayWidth, formatDuration, wrapWords } from './vietnamese-format';

const WIDE = 120;
const figures = { subscribers: 37_400, messages: 140_200, segments: 243_000, accepted: 139_507, delivered: 139_507 };
const all = { ...figures, undelivered: 0, failed: 693, unknown: 0 };
const election = { code: 'election', name: 'Bầu cử' };
const covid = { code: 'covid-19', name: 'Phòng, chống dịch COVID-19' };
const view = {
  total: all,
  topics: [
    { ...all, topic: election },
    { ...all, topic: covid },
  ],
  campaigns: [
    { ...all, topic: covid, campaign: { id: 3, name: 'Đeo khẩu trang'.normalize('NFD') } },
    { ...all, topic: election, campaign: { id: 1, name: 'Nhắc ngày bầu cử' } },
  ],
};

describe("the auditor's table", () => {
  it('has every campaign under its topic and the whole at the end', () => {
    const names = auditorsTable(view, WIDE).map((line) =>
      line
        .normalize('NFC')
        .split(/\s{2,}/)
        .find((cell) => cell !== ''),
    );
    expect(names.filter((name) => !name?.startsWith('─'))).toEqual([
      'Chủ đề và chiến dịch',
      'Bầu cử',
      'Nhắc ngày bầu cử',
      'Phòng, chống dịch COVID-19',
      'Đeo khẩu trang',
      'Tổng cộng',
    ]);
  });

  it('writes 140,200 as Vietnam does', () => {
    expect(auditorsTable(view, WIDE).at(-1)).toMatch(
      /^Tổng cộng +37\.400 +140\.200 +243\.000 +139\.507 +139\.507 +693 +0$/,
    );
  });

  it('stands in straight columns, whether accents are composed or not', () => {
    expect(new Set(auditorsTable(view, WIDE).map(displayWidth)).size).toBe(1);
  });

  it.each([79, 80, 90, 104])('fits %i columns by breaking titles and names between words', (columns) => {
    const lines = auditorsTable(view, columns);
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns);
    const words = (text: string[]): string[] =>
      (
        text
          .join(' ')
          .normalize('NFC')
          .match(/[^\s─]+/g) ?? []
      ).sort();
    expect(words(lines)).toEqual(words(auditorsTable(view, 200)));
  });

  it('keeps figures in the first line of a name, and what is indented indented', () => {
    const lines = auditorsTable(view, 78);
    const at = lines.findIndex((line) => line.startsWith('Phòng, chống'));
    expect(lines[at]).toMatch(/^Phòng, chống dịch +37\.400 .* 0$/);
    expect(lines[at + 1]).toBe('COVID-19');
    expect(lines.find((line) => line.includes('Nhắc'))).toMatch(/^ {2}Nhắc/);
  });
});

describe('texts on a terminal', () => {
  it.each([
    ['Nguyễn', 6],
    ['Nguyễn'.normalize('NFD'), 6],
    ['法律', 4],
    ['a\u200Bb', 2],
  ])('%s takes as many columns as are seen', (text, width) => expect(displayWidth(text)).toBe(width));

  it('is broken between words only', () => {
    expect(wrapWords('Tiếp nhận và đã nhận', 9)).toEqual(['Tiếp nhận', 'và đã', 'nhận']);
    expect(wrapWords('xem http://127.0.0.1:3000', 5)).toEqual(['xem', 'http://127.0.0.1:3000']);
  });

  it('says times as people do', () => {
    expect([formatDuration(9.6), formatDuration(60), formatDuration(95)]).toEqual([
      '10 giây',
      '1 phút 0 giây',
      '1 phút 35 giây',
    ]);
  });
});
