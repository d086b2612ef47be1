import { parseArgs } from 'node:util';
import { readConfig } from '../platform/config';
import { openDatabaseForCommand } from '../platform/database/for-command';
import { Fault } from '../platform/errors';
import { MOST_ID } from '../platform/http/ids';
import { replayReceipts } from './receipt-replay.store';

const USAGE = `npm run receipts:replay -- --batch <id>
  Áp dụng lại mọi báo cáo trạng thái đã lưu của một đợt gửi. Không đổi gì nếu đã áp dụng đủ; chạy được cả khi đang gửi tin.
  Applies all receipts kept of a batch once more. Changes nothing where all were applied; may run while texts are being sent.
  0 = OK, 2 = could not be done / không làm được`;

async function replay(): Promise<number> {
  const { values } = parseArgs({ options: { batch: { type: 'string' }, help: { type: 'boolean' } } });
  const batchId = /^[1-9]\d{0,9}$/.test(values.batch ?? '') ? Number(values.batch) : undefined;
  if (values.help || batchId === undefined || batchId > MOST_ID) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const { database, close } = await openDatabaseForCommand(readConfig(process.env));
  try {
    const receipts = await replayReceipts(database, batchId);
    if (receipts === undefined) {
      console.error(`Không có đợt gửi ${batchId} / there is no batch ${batchId}.`);
      return 2;
    }
    console.log(`OK: đã áp dụng lại ${receipts} báo cáo trạng thái của đợt gửi ${batchId}.`);
    console.log(`OK: ${receipts} receipts of batch ${batchId} were applied once more.`);
    return 0;
  } finally {
    await close();
  }
}

replay().then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    const reason = error instanceof Fault ? `${error.text.vi}\n${error.text.en}` : error.message;
    console.error(`Không làm được / could not be done: ${reason}`);
    process.exitCode = 2;
  },
);
