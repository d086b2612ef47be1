import { parseArgs } from 'node:util';
import { readConfig } from '../platform/config';
import { openDatabaseForCommand } from '../platform/database/for-command';
import { Fault } from '../platform/errors';
import { ChainFault, KnownLink, verifyChain } from './verify';

const USAGE = `npm run audit:verify [-- --expect POSITION:HASH]
  Tính lại toàn bộ chuỗi nhật ký kiểm toán. --expect: vị trí và mã băm đã ghi lại ở lần kiểm tra trước.
  Recomputes the whole chain of the audit log. --expect: the position and hash noted down at an earlier verification.
  0 = OK, 1 = broken / chuỗi bị phá vỡ, 2 = could not be checked / không kiểm tra được`;

const FAULTS: Readonly<Record<ChainFault, { vi: string; en: string }>> = {
  'entry-changed': { vi: 'bản ghi đã bị sửa', en: 'the entry was changed' },
  'link-removed': { vi: 'một mắt xích đã bị xóa', en: 'a link was removed' },
  'entry-removed': { vi: 'bản ghi đã bị xóa', en: 'the entry was removed' },
  'entry-inserted': {
    vi: 'bản ghi được chèn từ bên ngoài chương trình',
    en: 'the entry was inserted past the program',
  },
  'end-removed': { vi: 'phần cuối của chuỗi đã bị cắt bỏ', en: 'the end of the chain was cut off' },
  rewritten: {
    vi: 'chuỗi đã bị tính lại, không khớp mã băm đã ghi',
    en: 'the chain was recomputed: it is not the one noted down',
  },
};

async function verify(): Promise<number> {
  const { values } = parseArgs({ options: { expect: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const known = values.expect === undefined ? undefined : readKnownLink(values.expect);
  const { database, close } = await openDatabaseForCommand(readConfig(process.env));
  try {
    const verdict = await verifyChain(database, known);
    if (verdict.intact) {
      const { linked, waiting, head } = verdict;
      console.log(`OK: ${linked} bản ghi nguyên vẹn, ${waiting} bản ghi chờ nối.`);
      console.log(`OK: ${linked} entries intact, ${waiting} waiting to be linked.`);
      if (linked > 0) console.log(`Ghi lại cho lần sau / note for next time: --expect ${linked}:${head}`);
      return 0;
    }
    const { fault, position, entryId } = verdict;
    console.log(`HỎNG tại vị trí ${position ?? '-'} (bản ghi ${entryId ?? '-'}): ${FAULTS[fault].vi}.`);
    console.log(`BROKEN at position ${position ?? '-'} (entry ${entryId ?? '-'}): ${FAULTS[fault].en}.`);
    return 1;
  } finally {
    await close();
  }
}

function readKnownLink(text: string): KnownLink {
  const [, position, hash] = /^([1-9]\d{0,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (!position || !hash) throw new Error(`--expect: POSITION:HASH\n${USAGE}`);
  return { position: Number(position), hash };
}

verify().then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    const reason = error instanceof Fault ? `${error.text.vi}\n${error.text.en}` : error.message;
    console.error(`Không kiểm tra được / could not be checked: ${reason}`);
    process.exitCode = 2;
  },
);
