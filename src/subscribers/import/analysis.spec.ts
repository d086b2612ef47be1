import fc from 'fast-check';
import { encodeCopyRow } from '../../platform/database/copy-text';
import { Secrets } from '../../platform/secrets';
import { AreaMatcher } from '../areas/area-matcher';
import { RowAnalysis } from './analysis';
import { findHeader } from './header';
import { stagedLine, takenLine } from './import-rows.store';

const header = findHeader([
  { rowNumber: 1, cells: ['STT', 'Họ và tên', 'Số điện thoại', 'Xã/phường', 'Ấp/khóm', 'Ngôn ngữ'] },
]);
const secrets = new Secrets('a secret for tests only, 32 characters');
const NOBODY = '\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N';

function newAnalysis(): RowAnalysis {
  const areas = new AreaMatcher([], new Map(), '2026-01-01');
  return new RowAnalysis({ importId: 7, header, rules: { takeUnfamiliarRanges: false }, areas, secrets });
}

describe('a row on its way into the database', () => {
  it('that is taken carries its person, and his cells only where something is to be said of them', () => {
    const analysis = newAnalysis();
    const phoneKey = secrets.phoneDigest('+84912345678').toString('hex');
    const line = analysis.stage({
      rowNumber: 2,
      cells: ['1', 'Lê Bé', '0912 345 678', 'Ba Chúc', 'An Định', 'Khơ-me'],
    });
    expect(line).toBe(
      `7\t2\tadded\t+84912345678\t\\\\x${phoneKey}\tLê Bé\tle be\t\\N\tBa Chúc\tAn Định\tkm\t\\N\t{"area-unknown"}\t\\N\t` +
        '{"1","Lê Bé","0912 345 678","Ba Chúc","An Định","Khơ-me"}\n',
    );
  });

  it('with a number that an earlier row has says which one', () => {
    const analysis = newAnalysis();
    analysis.stage({ rowNumber: 2, cells: ['1', 'Lê Bé', '0912345678'] });
    const line = analysis.stage({ rowNumber: 9, cells: ['8', 'Trần Tư', '84912345678'] })!;
    expect(line.split('\t').slice(0, 3)).toEqual(['7', '9', 'repeated']);
    expect(line.split('\t')[11]).toBe('2');
    expect(analysis.repeats).toBe(1);
  });

  it('that is rejected carries nobody, only its cells, the reason and the column', () => {
    const line = newAnalysis().stage({ rowNumber: 3, cells: ['2', 'Lê "Bé"', '0912\u0000'] });
    expect(line).toBe(`7\t3\trejected\t${NOBODY}\t{"service-number"}\t2\t{"2","Lê \\\\"Bé\\\\"","0912"}\n`);
  });

  it('is written the same by the short way and by the long one, whatever its texts are', () => {
    const text = fc.option(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((t) => !t.includes('\0')),
    );
    const language = fc.constantFrom('vi' as const, 'km' as const, 'cja' as const, null);
    const person = fc.record({ fullName: text, areaText: text, hamlet: text, language, areaId: fc.option(fc.nat()) });
    fc.assert(
      fc.property(person, ({ fullName, areaText, hamlet, language, areaId }) => {
        const taken = {
          phone: '+84912345678',
          keyHex: 'ab'.repeat(16),
          nameKey: fullName && 'key',
          fullName,
          areaText,
          hamlet,
          language,
          areaId,
        };
        const { phone, nameKey } = taken;
        const long = [
          1,
          2,
          'added',
          phone,
          `\\x${taken.keyHex}`,
          fullName,
          nameKey,
          areaId,
          areaText,
          hamlet,
          language,
          null,
          null,
          null,
          null,
        ];
        expect(takenLine(1, 2, taken)).toBe(encodeCopyRow(long));
        expect(stagedLine(long as never)).toBe(encodeCopyRow(long));
      }),
    );
  });
});
