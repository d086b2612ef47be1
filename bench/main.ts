import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { BenchOptions, BenchResult, machine, printResult } from './report';
import { benchImport } from './import';
import { benchPrepare } from './prepare';
import { benchReceipts } from './receipts';
import { benchSend } from './send';
import { benchWeb } from './web';

const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<BenchResult>>> = {
  import: benchImport,
  prepare: benchPrepare,
  receipts: benchReceipts,
  send: benchSend,
  web: benchWeb,
};

const USAGE = `npm run bench -- <name> [options]
  names: ${Object.keys(BENCHES).join(', ')}
  --json            the result as one line of JSON, after everything else
  --full            more rounds (send, web)
  --rounds <n>      so many rounds (send)
  --history <n>     so many old messages in the database, such as 10000000 (send, web)
  --only <names>    only these parts, with commas, such as 0ms,20ms (send)
  --profile <dir>   one more round of the engine that writes V8's profile there (send)
`;

function parse() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { json: flag, full: flag, rounds: text, history: text, only: text, profile: text } as const;
  return parseArgs({ options, allowPositionals: true });
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`--${name} must be a whole number above 0\n${USAGE}`);
  return Number(text);
}

async function run(): Promise<void> {
  const { values, positionals } = parse();
  const [name = ''] = positionals;
  const bench = BENCHES[name];
  if (!bench) throw new Error(USAGE);
  console.log(`bench ${name} on ${machine()}`);
  const result = await bench({
    full: values.full ?? false,
    history: wholeNumber('history', values.history),
    rounds: wholeNumber('rounds', values.rounds),
    only: values.only?.split(','),
    profile: values.profile,
  });
  printResult(name, result, values.json ?? false);
}

run().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
