import { agreementLine, costLine, importLine, nextLine, openingLine } from './spoken-lines';

describe('what the demo says', () => {
  it('begins with what it is and that nobody is texted, numbers as each language writes them', () => {
    const { vi, en } = openingLine(1);
    expect(vi).toMatch(/140\.200 lượt tin nhắn đến 37\.400 thuê bao.*không nhắn cho ai/);
    expect(en).toMatch(/140,200 texts to 37,400 subscribers.*nobody is texted/);
  });

  it('tells what became of the rows of the file', () => {
    const report = {
      rows: 39_003,
      added: 37_000,
      changed: 300,
      unchanged: 100,
      repeated: 1_120,
      rejected: 480,
      warned: 9,
    };
    expect(importLine(report)).toEqual({
      vi: 'Đã nhập 39.003 dòng: 37.400 thuê bao, 1.120 dòng trùng, 480 dòng bị loại, 9 dòng cần xem lại.',
      en: 'Imported 39,003 rows: 37,400 subscribers, 1,120 repeated, 480 rejected, 9 to look at.',
    });
  });

  it('says that the ledger agrees, and what of it the service is in doubt about', () => {
    const ledger = { accepted: 139_507, repeated: 0 };
    expect(agreementLine(ledger, 139_507).en).toBe(
      "Compared with the simulator's ledger, it agrees: 139,507 texts accepted, no number twice in a campaign.",
    );
    expect(agreementLine(ledger, 139_507).vi).toContain('tiếp nhận 139.507 lượt tin nhắn, không số nào nhận hai lần');
    expect(agreementLine(ledger, 139_500).en).toContain('139,507 texts accepted (7 of them unknown to the service)');
  });

  it('ends with what it took and what to do next', () => {
    expect(costLine(61.5, 235)).toEqual({
      vi: 'Tổng thời gian: 61,5 giây; bộ nhớ cao nhất: 235 MB.',
      en: 'Total time: 61.5 s; peak memory: 235 MB.',
    });
    expect(costLine(61.5, null).en).toContain('unknown');
    for (const text of Object.values(nextLine('http://127.0.0.1:8080'))) {
      expect(text).toMatch(/http:\/\/127\.0\.0\.1:8080\/api\/docs.*Ctrl-C.*npm start/);
    }
    expect(nextLine(undefined).en).not.toContain('http');
  });
});
