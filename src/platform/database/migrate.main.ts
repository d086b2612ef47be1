import { readConfig } from '../config';
import { createLog } from '../observability/log';
import { migrateDown, migrateUp } from './migrations';
import { openServiceDatabase } from './service-database';

const USAGE = `npm run migrate [-- up | down]
  up    áp dụng các bước còn thiếu (mặc định) / applies what is pending (the default)
  down  gỡ bước mới nhất, XÓA các bảng của bước đó cùng mọi dữ liệu trong đó: hãy sao lưu trước
        takes the newest migration back and DELETES its tables with all their data: back up first`;

async function run(direction: string | undefined): Promise<void> {
  if (direction !== undefined && direction !== 'up' && direction !== 'down') throw new Error(USAGE);
  const server = await openServiceDatabase(readConfig(process.env), createLog('warn', process.stderr));
  const url = server.directUrl ?? server.url;
  try {
    if (direction === 'down') console.log(`taken back: ${(await migrateDown(url)) ?? 'nothing'}`);
    else console.log(`applied: ${(await migrateUp(url)).join(', ') || 'nothing was pending'}`);
  } finally {
    await server.stop();
  }
}

run(process.argv[2]).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
