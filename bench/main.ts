import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { BenchResult, machine, printResult } from './report';
import { benchImport } from './import';
import { benchPrepare } from './prepare';
import { benchSend } from './send';

const BENCHES: Readonly<Record<string, () => Promise<BenchResult>>> = {
  import: benchImport,
  prepare: benchPrepare,
  send: benchSend,
};

const USAGE = `npm run bench -- <name> [--json]\n  names: ${Object.keys(BENCHES).join(', ')}`;

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true });
  const [name = ''] = positionals;
  const bench = BENCHES[name];
  if (!bench) throw new Error(USAGE);
  console.log(`bench ${name} on ${machine()}`);
  const result = await bench();
  printResult(name, result, values.json ?? false);
}

run().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
