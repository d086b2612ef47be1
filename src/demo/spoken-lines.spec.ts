import { agreementLine, approvalLines, costLine, importLine, nextLine, openingLine } from './spoken-lines';

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
    const ledger = { accepted: 139_507, repeated: 0, tests: 4 };
    expect(agreementLine(ledger, 139_507).en).toBe(
      "Compared with the simulator's ledger, it agrees: 139,507 texts accepted and 4 test texts, " +
        'no number twice in a campaign.',
    );
    expect(agreementLine(ledger, 139_507).vi).toContain(
      '139.507 lượt tin nhắn và 4 tin gửi thử, không số nào nhận hai',
    );
    expect(agreementLine(ledger, 139_500).en).toContain('139,507 texts accepted (7 of them unknown to the service)');
  });

  it('tells what was approved: texts, segments, what they would cost, and when the last will leave', () => {
    const approved = { messages: 37_400, segments: 74_800, costVnd: 26_180_000, endsAt: '2026-11-23T23:31:05+07:00' };
    expect(approvalLines('Nhắc ngày bầu cử', approved)).toEqual([
      'Đã duyệt / approved: Nhắc ngày bầu cử',
      '  37.400 lượt tin nhắn, 74.800 bản tin (MT) / 37,400 texts, 74,800 segments',
      '  26.180.000 đồng (đơn giá ví dụ) / VND 26,180,000 (an example price)',
      '  dự báo: gửi xong lúc / forecast: ends at 23:31:05',
    ]);
    expect(approvalLines('Nhắc ngày bầu cử', { ...approved, costVnd: null, endsAt: null })).toHaveLength(2);
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
