import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../platform/config';
import { Database, type Listener, type Transaction } from '../platform/database/database';
import { LOG, type Log } from '../platform/observability/log';

const CHANNEL = 'tinluat_delivery';
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;

/**
 * Tells every instance, when the transaction commits, that there may be something to send. Only for what people do: commits
 * that notify wait for each other.
 */
export async function notifyDelivery(tx: Transaction): Promise<void> {
  await tx.run(`select pg_notify($1, '')`, [CHANNEL]);
}

/**
 * Shortens the wait for work: one connection an instance listens for releases, past a pooler. Senders poll all the same, so
 * nothing is late for long when a hint or the connection is lost: connecting -> listening -> (cut) connecting …; stopped at
 * the end.
 */
@Injectable()
export class DeliveryHint implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly waiting = new Set<() => void>();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.ROLE !== 'web') this.running = this.keepListening();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Resolves after so many milliseconds, and early on a hint or when the signal aborts. Never rejects. */
  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.waiting.add(wake);
      signal?.addEventListener('abort', wake);
      if (signal?.aborted) wake();
    });
  }

  private readonly wakeAll = (): void => {
    for (const wake of [...this.waiting]) wake();
  };

  private async keepListening(): Promise<void> {
    const { signal } = this.stopping;
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      try {
        const listener = await this.database.listen(CHANNEL, this.wakeAll);
        // What was released while nobody listened.
        this.wakeAll();
        retryMs = FIRST_RETRY_MS;
        await this.untilCut(listener);
      } catch (error) {
        this.log.warn({ err: error }, 'nobody tells of new work, it is looked for all the same');
      }
      // Half of it by chance: instances do not all come back at once.
      await sleep(retryMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    }
  }

  private async untilCut(listener: Listener): Promise<void> {
    const { signal } = this.stopping;
    const close = (): void => void listener.close();
    signal.addEventListener('abort', close);
    if (signal.aborted) close();
    try {
      await listener.ended;
    } finally {
      signal.removeEventListener('abort', close);
    }
  }
}
