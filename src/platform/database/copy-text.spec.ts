import * as fc from 'fast-check';
import { encodeCopyRows } from './copy-text';

const encode = (rows: Parameters<typeof encodeCopyRows>[0]): string => [...encodeCopyRows(rows)].join('');

describe('rows on their way into COPY', () => {
  it('keep nulls, numbers, bytes and times apart from texts that look like them', () => {
    const row = [null, undefined, 7, true, Buffer.from([0, 255]), new Date(0), '\\N', ''];
    expect(encode([row])).toBe('\\N\t\\N\t7\ttrue\t\\\\x00ff\t1970-01-01T00:00:00.000Z\t\\\\N\t\n');
  });

  it('stay one line each and lose no character', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1, maxLength: 5 }), (texts) => {
        const line = encode([texts]);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        const back = line.slice(0, -1).split('\t').map(unescape_);
        expect(back).toEqual(texts);
      }),
    );
  });
});

/** As PostgreSQL reads it. */
function unescape_(text: string): string {
  return text.replace(
    /\\([\\nrt])/g,
    (_, character: string) => ({ '\\': '\\', n: '\n', r: '\r', t: '\t' })[character]!,
  );
}
