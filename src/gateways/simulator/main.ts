import { parseArgs } from 'node:util';
import { createLog } from '../../platform/observability/log';
import { Secrets, secretOfDataFolder } from '../../platform/secrets';
import { readBehaviour } from './server/behaviour';
import { FolderTaken, Simulator, SimulatorSettings } from './server/simulator';
import { EXIT, SIMULATOR_NAME } from './simulator-files';
import { SimulatorKeys, simulatorKeys } from './simulator-keys';

const USAGE = `npm run simulator -- [options]
  --port <n>               0 takes a free port (default)
  --host <address>         127.0.0.1 (default)
  --data-dir <folder>      DATA_DIR of the service (default ./data); the ledger is <folder>/simulator/ledger.log
  --idle-exit-seconds <n>  ends after so long without use; 0 never does (default)
  --exit-on-last-detach    ends when the last attached service detaches
  --behaviour <json>       e.g. '{"refuseShare":0.005,"seed":2021}'
Environment: SECRET, the service's; without it the secret in the data folder is used, or made. LOG_LEVEL.
`;

class BadArguments extends Error {}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return void process.stdout.write(USAGE);
  const settings = await readSettings(process.argv.slice(2), process.env);
  const { simulator, address } = await Simulator.start(settings);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void simulator.stop(signal));
  process.stdout.write(`${JSON.stringify({ name: SIMULATOR_NAME, url: address.url, pid: address.pid })}\n`);
  await simulator.ended;
}

async function readSettings(args: string[], environment: NodeJS.ProcessEnv): Promise<SimulatorSettings> {
  const values = parse(args);
  const dataDir = values['data-dir'] ?? environment.DATA_DIR ?? './data';
  return {
    dataDir,
    host: values.host ?? '127.0.0.1',
    port: wholeNumber('--port', values.port ?? '0', 65_535),
    idleExitSeconds: wholeNumber('--idle-exit-seconds', values['idle-exit-seconds'] ?? '0', 86_400),
    exitsOnLastDetach: values['exit-on-last-detach'] ?? false,
    behaviour: readBehaviour(json(values.behaviour ?? '{}')),
    keys: await readKeys(environment, dataDir),
    log: createLog(environment.LOG_LEVEL ?? 'info', process.stderr),
  };
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  const options = {
    port: text,
    host: text,
    'data-dir': text,
    'idle-exit-seconds': text,
    'exit-on-last-detach': { type: 'boolean' },
    behaviour: text,
  } as const;
  try {
    return parseArgs({ args, options, strict: true }).values;
  } catch (error) {
    throw new BadArguments((error as Error).message);
  }
}

/** attach.ts hands its keys over in the environment, where other users cannot read them; a person gives the SECRET. */
async function readKeys(environment: NodeJS.ProcessEnv, dataDir: string): Promise<SimulatorKeys> {
  const { SIMULATOR_TOKEN: token, SIMULATOR_RECEIPTS_SECRET: receiptsSecret } = environment;
  if (token && receiptsSecret) return { token, receiptsSecret };
  return simulatorKeys(new Secrets(environment.SECRET || (await secretOfDataFolder(dataDir))));
}

function wholeNumber(name: string, text: string, highest: number): number {
  if (/^\d{1,6}$/.test(text) && Number(text) <= highest) return Number(text);
  throw new BadArguments(`${name} must be a whole number from 0 to ${highest}`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadArguments('--behaviour must be JSON');
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof FolderTaken) return EXIT.folderTaken;
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return EXIT.portTaken;
  return error instanceof BadArguments ? EXIT.badArguments : 1;
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${(error as Error).message}\n${error instanceof BadArguments ? USAGE : ''}`);
    process.exit(exitCodeOf(error));
  },
);
