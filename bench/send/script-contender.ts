import { Child } from './child-process';
import type { Answer, Lot, Order, Setup } from './contender';
import type { Contender, ContenderOptions, RunningContender } from './running-contender';
import { GATEWAY_TIMEOUT_SECONDS } from './settings';
import type { Stage } from './stage';

/** No batch of the engine has such an id, so that the simulator takes nobody's texts for another's. */
let lastLot = 1_000_000_000;

/** One of the `*.main.ts` beside this file. */
export function scriptContender(name: string, script: string): Contender {
  return {
    name,
    async start(stage, options) {
      const child = Child.start(`send/${script}.main.ts`);
      const running = new RunningScript(child);
      await running.obey({ act: 'open', setup: setupOf(stage, options) });
      return running;
    },
  };
}

function setupOf({ simulator, twilio }: Stage, { sockets, where }: ContenderOptions): Setup {
  const { url, token, receiptsSecret } = simulator;
  return {
    simulator: { url, token, receiptsSecret },
    twilioUrl: twilio.url,
    databaseUrl: where.url,
    sockets,
    timeoutMs: GATEWAY_TIMEOUT_SECONDS * 1_000,
  };
}

class RunningScript implements RunningContender {
  private lot!: Lot;

  constructor(private readonly child: Child) {}

  get pids(): readonly number[] {
    return [this.child.pid];
  }

  async obey(order: Order): Promise<number> {
    return (await this.child.ask<Answer>(order)).seconds;
  }

  async prepare(messages: number): Promise<void> {
    this.lot = { id: (lastLot += 1), messages };
    await this.obey({ act: 'prepare', lot: this.lot });
  }

  send(): Promise<number> {
    return this.obey({ act: 'send', lot: this.lot });
  }

  async stop(): Promise<void> {
    await this.obey({ act: 'close' });
    await this.child.stop();
  }
}
