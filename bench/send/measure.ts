import { cpuMicroseconds, cpuMicrosecondsWithChildren } from './cpu-time';
import type { Contender, ContenderOptions } from './running-contender';
import type { Stage } from './stage';

export interface Measurement {
  readonly perSecond: number;
  /** Processor time in microseconds a message. */
  readonly cpu: { readonly sender: number; readonly postgres: number; readonly gateway: number };
}

export interface Size {
  readonly messages: number;
  /** Sent first and not measured: V8 compiles what runs often, connections are opened. */
  readonly warmUp: number;
}

/** Starts a contender, lets it warm up, measures it and ends it: nobody else runs meanwhile, whoever it is. */
export async function measure(
  contender: Contender,
  stage: Stage,
  options: ContenderOptions,
  { messages, warmUp }: Size,
): Promise<Measurement> {
  const running = await contender.start(stage, options);
  try {
    await running.prepare(warmUp);
    await running.send();
    await running.prepare(messages);
    // The server writes out what the preparation left now, and not meanwhile.
    await stage.postgres.database.run('checkpoint');
    const before = await counted(stage, running.pids);
    const seconds = await running.send();
    const after = await counted(stage, running.pids);
    if (after.accepted - before.accepted !== messages) {
      throw new Error(
        `${contender.name}: ${after.accepted - before.accepted} of ${messages} texts reached the gateway`,
      );
    }
    const each = (name: 'sender' | 'postgres' | 'gateway'): number => (after[name] - before[name]) / messages;
    return {
      perSecond: messages / seconds,
      cpu: { sender: each('sender'), postgres: each('postgres'), gateway: each('gateway') },
    };
  } finally {
    await running.stop();
  }
}

async function counted({ postgres, simulator, twilio }: Stage, pids: readonly number[]) {
  const { cpuMicroseconds: ofSimulator, accepted } = await simulator.control.health();
  return {
    accepted: accepted + (await twilio.accepted()),
    sender: pids.reduce((sum, pid) => sum + cpuMicroseconds(pid), 0),
    postgres: cpuMicrosecondsWithChildren(postgres.serverPid),
    gateway: ofSimulator + cpuMicroseconds(twilio.pid),
  };
}
