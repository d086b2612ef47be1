import { createLog } from './log';
import { maskPersonalData } from './mask';

describe('the log', () => {
  it.each([
    ['0912345678', '0***678'],
    ['+84912345678', '+84***678'],
    ['84912345678', '84***678'],
    ['0912 345 678', '0***678'],
    ['0912.345.678', '0***678'],
    ['01669123456', '0***456'],
    ['Key (phone)=(+84912345678) already exists', 'Key (phone)=(+84***678) already exists'],
  ])('shows the number %s as %s', (given, shown) => expect(maskPersonalData(given)).toBe(shown));

  it.each([
    '2026-11-23T01:33:02.850Z',
    'dd3e6b9a-0912-4d31-8555-091234567890',
    '"ms":1763856000000',
    '140200 messages',
  ])('leaves %s alone', (text) => expect(maskPersonalData(text)).toBe(text));

  it('holds neither texts nor secrets, wherever they are put', () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line: string) => void lines.push(line) });
    log.info({ text: 'Kính mời cử tri', message: { body: 'nội dung', to: 'ai đó' }, password: 'p', token: 't' }, 'x');
    const error = Object.assign(new Error('failed for +84912345678'), {
      config: { headers: { authorization: 'Basic s3cret' } },
    });
    log.error({ err: error }, 'y');
    const written = lines.join('');
    for (const secret of ['Kính mời', 'nội dung', 'ai đó', 's3cret', '912345678', '"p"', '"t"']) {
      expect(written).not.toContain(secret);
    }
    expect(written).toContain('failed for +84***678');
  });
});
