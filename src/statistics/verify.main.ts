import { parseArgs } from 'node:util';
import { readConfig } from '../platform/config';
import { openDatabaseForCommand } from '../platform/database/for-command';
import { Fault } from '../platform/errors';
import { Difference, reconcile } from './reconcile.read-model';

const USAGE = `npm run statistics:verify
  Tính lại mọi số liệu thống kê từ từng tin nhắn và so với số đã đếm. Chạy được cả khi đang gửi tin.
  Recomputes every figure of the statistics from the messages and compares. May run while texts are being sent.
  0 = OK, 1 = differences / có sai lệch, 2 = could not be checked / không kiểm tra được`;

/** So many differences are printed; a broken counter touches every day and area. */
const MOST_SHOWN = 100;

async function verify(): Promise<number> {
  const { values } = parseArgs({ options: { help: { type: 'boolean' } } });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const { database, close } = await openDatabaseForCommand(readConfig(process.env));
  try {
    const { batches, messages, differences } = await reconcile(database);
    if (differences.length === 0) {
      console.log(`OK: số liệu của ${batches} đợt gửi khớp với ${messages} tin nhắn.`);
      console.log(`OK: the figures of ${batches} batches agree with ${messages} messages.`);
      return 0;
    }
    console.log(`SAI LỆCH: ${differences.length} số liệu khác với tin nhắn. Hãy báo cho người quản trị.`);
    console.log(`DIFFERENT: ${differences.length} figures are not what the messages say. Tell the administrator.`);
    for (const difference of differences.slice(0, MOST_SHOWN)) console.log(describe(difference));
    if (differences.length > MOST_SHOWN) console.log('…');
    return 1;
  } finally {
    await close();
  }
}

function describe({ batchId, day, areaId, figure, counted, found }: Difference): string {
  return `- batch ${batchId}, day ${day ?? '*'}, area ${areaId ?? '*'}, ${figure}: counted ${counted}, found ${found}`;
}

verify().then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    const reason = error instanceof Fault ? `${error.text.vi}\n${error.text.en}` : error.message;
    console.error(`Không kiểm tra được / could not be checked: ${reason}`);
    process.exitCode = 2;
  },
);
