import type { Response } from 'express';

/** Proxies and browsers cut a connection on which nothing comes for a minute, or less. */
const HEARTBEAT_MS = 15_000;
/** A reader who takes nothing for so long has gone without a word. */
const STALLED_MS = 30_000;
/** What is left of a stream that has ended is written within so long, or never. */
const FAREWELL_MS = 1_000;
/** How soon a browser that lost the connection asks again. */
const RETRY_MS = 3_000;

export interface StreamEvent {
  readonly event: string;
  readonly data: unknown;
  /** What a browser says in Last-Event-ID when it asks again. */
  readonly id?: string;
}

/**
 * One caller's server-sent events (WHATWG HTML, §9.2): open -> ended. A reader who is slow gets the newest state, not all
 * that came between: what could not be written at once is replaced by what comes next.
 */
export class EventStream {
  /** Resolves once nothing of it is left: ended, or the caller went away. */
  readonly closed: Promise<void>;
  private readonly heartbeat: NodeJS.Timeout;
  private waiting: string | undefined;
  private stalledSinceMs: number | undefined;
  private hasEnded = false;

  constructor(private readonly response: Response) {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-store, no-transform',
      // nginx would keep what is written until it has a page of it.
      'X-Accel-Buffering': 'no',
      // The connection ends with the stream, so that a service that stops need not wait for it.
      Connection: 'close',
    });
    response.write(`retry: ${RETRY_MS}\n\n`);
    response.on('drain', () => this.writeWaiting());
    this.closed = new Promise((resolve) => response.once('close', resolve));
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS);
    response.once('close', () => {
      this.hasEnded = true;
      clearInterval(this.heartbeat);
    });
  }

  send(event: StreamEvent): void {
    if (this.hasEnded) return;
    this.waiting = encode(event);
    if (!this.response.writableNeedDrain) this.writeWaiting();
  }

  /** Ends it with a last event. Idempotent. */
  end(event: StreamEvent): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    clearInterval(this.heartbeat);
    this.response.end((this.waiting ?? '') + encode(event));
    const farewell = setTimeout(() => this.response.destroy(), FAREWELL_MS);
    this.response.once('close', () => clearTimeout(farewell));
  }

  private writeWaiting(): void {
    this.stalledSinceMs = undefined;
    if (this.waiting === undefined || this.hasEnded) return;
    const text = this.waiting;
    this.waiting = undefined;
    this.response.write(text);
  }

  private beat(): void {
    if (!this.response.writableNeedDrain) {
      this.response.write(': \n\n');
      return;
    }
    this.stalledSinceMs ??= performance.now();
    if (performance.now() - this.stalledSinceMs >= STALLED_MS - HEARTBEAT_MS) this.response.destroy();
  }
}

/** JSON has no line breaks, so that one `data:` line holds it. */
function encode({ event, data, id }: StreamEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
