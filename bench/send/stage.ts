import { join } from 'node:path';
import { simulatorKeys } from '../../src/gateways';
import { attachSimulator } from '../../src/gateways/simulator/attach';
import type { SimulatorControl } from '../../src/gateways/simulator/simulator-control';
import { createLog } from '../../src/platform/observability/log';
import { Secrets } from '../../src/platform/secrets';
import { type BenchDatabase, withBenchDatabase } from '../bench-database';
import { Child } from './child-process';
import { SECRET } from './settings';
import type { TwilioAnswer, TwilioQuestion } from './twilio-server.main';

/** What all contenders share. */
export interface Stage {
  readonly postgres: BenchDatabase;
  readonly secrets: Secrets;
  readonly simulator: {
    readonly url: string;
    readonly token: string;
    readonly receiptsSecret: string;
    readonly control: SimulatorControl;
  };
  readonly twilio: { readonly url: string; readonly pid: number; accepted(): Promise<number> };
}

/** The servers a run needs, each in a process of its own: PostgreSQL, the simulator without receipts, the Twilio-shaped endpoint. */
export function withStage<T>(work: (stage: Stage) => Promise<T>): Promise<T> {
  return withBenchDatabase(async (postgres) => {
    const { dataDir } = postgres;
    const secrets = new Secrets(SECRET);
    const keys = simulatorKeys(secrets);
    const log = createLog('error', process.stderr);
    const attached = await attachSimulator({ ...keys, dataDir, behaviour: { receipts: false }, log });
    const twilio = Child.start('send/twilio-server.main.ts');
    try {
      const question: TwilioQuestion = { ledger: join(dataDir, 'twilio-ledger.log') };
      const ask = (): Promise<TwilioAnswer> => twilio.ask(question);
      const { url } = await ask();
      const accepted = async (): Promise<number> => (await ask()).accepted;
      const simulator = { ...keys, url: attached.url, control: attached.control };
      return await work({ postgres, secrets, simulator, twilio: { url, pid: twilio.pid, accepted } });
    } finally {
      await twilio.stop();
      await attached.detach();
    }
  });
}
