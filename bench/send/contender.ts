/** What a contender in a process of its own is told, and answers: one line of the protocol each. */
export interface Setup {
  readonly simulator: { readonly url: string; readonly token: string; readonly receiptsSecret: string };
  readonly twilioUrl: string;
  readonly databaseUrl: string;
  readonly sockets: number;
  readonly timeoutMs: number;
}

export interface Lot {
  /** Of no other lot of this run. */
  readonly id: number;
  readonly messages: number;
}

export type Order =
  | { readonly act: 'open'; readonly setup: Setup }
  | { readonly act: 'prepare'; readonly lot: Lot }
  | { readonly act: 'send'; readonly lot: Lot }
  | { readonly act: 'close' };

export interface Answer {
  /** What the act took. */
  readonly seconds: number;
  readonly error?: string;
}

export interface Sending {
  /** Puts the texts where this contender takes them from; outside of the clock. */
  prepare(lot: Lot): Promise<void>;
  /** Returns when every text was accepted and, for whoever keeps a status, the last status is on record. */
  send(lot: Lot): Promise<void>;
  close(): Promise<void>;
}

/** The child's side: does what it is told, one act at a time, and ends with its parent. */
export function serve(open: (setup: Setup) => Promise<Sending>): void {
  let sending: Sending | undefined;
  const obey = async (order: Order): Promise<void> => {
    if (order.act === 'open') sending = await open(order.setup);
    else if (order.act === 'close') await sending!.close();
    else await sending![order.act](order.lot);
  };
  process.on('message', (order: Order) => {
    const started = performance.now();
    obey(order).then(
      () => answer({ seconds: (performance.now() - started) / 1_000 }),
      (error: Error) => answer({ seconds: 0, error: error.stack ?? error.message }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}

function answer(reply: Answer): void {
  process.send!(reply);
}

/** So many at a time, in order of arrival. */
export function limiter(places: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = places;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
