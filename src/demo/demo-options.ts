import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_FOLDER } from './data-folder';

export interface DemoOptions {
  /** Ends when the story is told instead of running on for a look around. */
  readonly exit: boolean;
  /** One line of JSON last on standard output, everything else on standard error. */
  readonly json: boolean;
  readonly resume: boolean;
  /** Undefined: 1, or what a resumed demo was begun with. */
  readonly scale: number | undefined;
  /** Absolute. */
  readonly dataDir: string;
  /** So long without a further receipt, and no more are waited for. */
  readonly receiptsTimeoutSeconds: number;
}

export const USAGE = `npm run demo -- [--exit] [--json] [--resume] [--scale N] [--data-dir DIR] [--receipts-timeout SECONDS]
  Diễn lại năm 2021: 140.200 tin nhắn cho 37.400 thuê bao, qua mọi phần của hệ thống.
  Replays the year 2021: 140,200 texts to 37,400 subscribers, through every part of the product.
  --exit                  kết thúc khi xong; không có thì chạy tiếp để xem / ends when done instead of running on
  --json                  dòng cuối là một bản tóm tắt JSON / the last line is a summary in JSON
  --resume                làm tiếp bản demo đang dở trong thư mục / goes on with what is in the data folder
  --scale N               nhân số thuê bao lên N lần, 1–${'{max}'} / multiplies the audience by N
  --data-dir DIR          thư mục dữ liệu (mặc định ./demo-data, bị xóa nếu không có --resume) / data folder, wiped unless --resume
  --receipts-timeout S    chờ báo cáo trạng thái thêm tối đa S giây không có tiến triển (mặc định 45) / patience for receipts
`;

/** An .xlsx sheet ends at 1,048,576 rows, and the import at a million. */
const LARGEST_SCALE = 25;
const RECEIPTS_TIMEOUT_SECONDS = 45;

export class UsageError extends Error {}

/** @throws UsageError; undefined when only help is wanted */
export function readOptions(args: readonly string[]): DemoOptions | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const { scale, 'receipts-timeout': patience } = values;
  return {
    exit: values.exit ?? false,
    json: values.json ?? false,
    resume: values.resume ?? false,
    scale: scale === undefined ? undefined : wholeNumber('--scale', scale, LARGEST_SCALE),
    dataDir: resolve(values['data-dir'] ?? DEFAULT_FOLDER),
    receiptsTimeoutSeconds:
      patience === undefined ? RECEIPTS_TIMEOUT_SECONDS : wholeNumber('--receipts-timeout', patience, 86_400),
  };
}

export function usage(): string {
  return USAGE.replace('{max}', String(LARGEST_SCALE));
}

function parse(args: readonly string[]) {
  const yes = { type: 'boolean' } as const;
  const text = { type: 'string' } as const;
  const options = {
    exit: yes,
    json: yes,
    resume: yes,
    help: yes,
    scale: text,
    'data-dir': text,
    'receipts-timeout': text,
  } as const;
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function wholeNumber(name: string, text: string, highest: number): number {
  if (/^[1-9]\d{0,5}$/.test(text) && Number(text) <= highest) return Number(text);
  throw new UsageError(`${name}: phải là số nguyên từ 1 đến ${highest} / must be a whole number from 1 to ${highest}`);
}
