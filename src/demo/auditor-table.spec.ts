import { auditorsTable } from './auditor-table';
import { displayWidth, formatDuration } from './vietnamese-format';

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
    const names = auditorsTable(view).map((line) =>
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
    expect(auditorsTable(view).at(-1)).toMatch(/^Tổng cộng +37\.400 +140\.200 +243\.000 +139\.507 +139\.507 +693 +0$/);
  });

  it('stands in straight columns, whether accents are composed or not', () => {
    expect(new Set(auditorsTable(view).map(displayWidth)).size).toBe(1);
  });
});

describe('texts on a terminal', () => {
  it.each([
    ['Nguyễn', 6],
    ['Nguyễn'.normalize('NFD'), 6],
    ['法律', 4],
    ['a\u200Bb', 2],
  ])('%s takes as many columns as are seen', (text, width) => expect(displayWidth(text)).toBe(width));

  it('says times as people do', () => {
    expect([formatDuration(9.6), formatDuration(60), formatDuration(95)]).toEqual([
      '10 giây',
      '1 phút 0 giây',
      '1 phút 35 giây',
    ]);
  });
});
