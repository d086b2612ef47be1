import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Recorder } from '../../src/delivery/recorder';
import { Sender, type SenderParts } from '../../src/delivery/sender';
import type { Gateway } from '../../src/gateways';
import type { Database } from '../../src/platform/database/database';
import { createLog } from '../../src/platform/observability/log';

/** A sender as the worker of an instance of its own has it, with a breaker that never opens. Not started yet. */
export function openSender(
  database: Database,
  gateway: Gateway,
  {
    owner = randomUUID(),
    slot = 1,
    leaseSeconds = 30,
    giveUpAfterMs = 1_000,
    ...parts
  }: { owner?: string; slot?: number; leaseSeconds?: number; giveUpAfterMs?: number } & Partial<SenderParts> = {},
): Sender {
  const log = createLog('error', { write: () => undefined });
  const recorder = new Recorder(database, log, { owner, slot, giveUpAfterMs });
  const breaker = {
    state: 'closed' as const,
    allows: () => ({ go: 'all' as const }),
    note: () => undefined,
    unused: () => undefined,
  };
  const hint = { wait: (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => undefined) };
  const onOptOut = async (): Promise<void> => undefined;
  return new Sender(
    { database, gateway, recorder, log, breaker, hint, onOptOut, ...parts },
    { owner, slot, leaseSeconds },
  );
}
