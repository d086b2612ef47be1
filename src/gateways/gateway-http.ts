import { Dispatcher, Pool } from 'undici';
import { type Exchange, HttpExchange } from './http-exchange';

export interface GatewayHttpOptions {
  /** Origin with an optional path before every path, e.g. `https://api.twilio.com`. */
  readonly baseUrl: string;
  /** Requests in flight at once; more than that wait for a free socket within `timeoutMs`. */
  readonly sockets: number;
  /** From the call to the whole answer. */
  readonly timeoutMs: number;
}

/** Longer than a connection over any sane network takes, so that a dead route does not hold a socket's place. */
const CONNECT_TIMEOUT_MS = 5_000;
/**
 * Ours must close before the server does, or a request meets a connection that is being closed and its outcome is unknown.
 * Of the servers that do not say when they close (the Keep-Alive header), the quickest are those that do it after 2 s
 * (gunicorn, https://docs.gunicorn.org/en/stable/settings.html#keepalive).
 */
const IDLE_MS = 1_200;
const IDLE_AT_MOST_MS = 30_000;
/** Before the time that a server did say. */
const IDLE_MARGIN_MS = 2_000;
/** A process that stood still for longer has not noticed yet which connections were closed meanwhile. */
const STANDSTILL_MS = 500;
const SWEEP_MS = 200;

/**
 * Requests over kept-alive connections, each written at most once. undici retries nothing by itself but may write
 * a request again when a connection is reset under it; {@link HttpExchange} forbids that.
 */
export class GatewayHttp {
  private readonly pool: Pool;
  private readonly pathPrefix: string;
  /** In order of their deadlines, for they all have the same time-out. */
  private readonly underWay = new Set<HttpExchange>();
  private readonly sweeper: NodeJS.Timeout;
  /** When this process last looked at its sockets, on the clock of performance.now(). */
  private lookedAt = performance.now();

  constructor(private readonly options: GatewayHttpOptions) {
    const { origin, pathname } = new URL(options.baseUrl);
    this.pathPrefix = pathname.replace(/\/+$/, '');
    this.pool = new Pool(origin, {
      connections: options.sockets,
      pipelining: 1,
      connect: { timeout: Math.min(CONNECT_TIMEOUT_MS, options.timeoutMs) },
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_AT_MOST_MS,
      keepAliveTimeoutThreshold: IDLE_MARGIN_MS,
      // One sweep watches all requests instead of two timers each; it bounds the whole exchange, trickled bodies too.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.sweeper = setInterval(() => this.sweep(), Math.min(SWEEP_MS, Math.max(10, options.timeoutMs / 10))).unref();
  }

  /**
   * @param headers flat pairs, e.g. `['content-type', 'application/json']`
   * @returns never rejects.
   */
  post(path: string, headers: string[], body: string): Promise<Exchange> {
    return this.exchange({ method: 'POST', path: this.pathPrefix + path, headers, body });
  }

  /** As {@link post}: asked once, never again by itself. */
  get(path: string, headers: string[]): Promise<Exchange> {
    return this.exchange({ method: 'GET', path: this.pathPrefix + path, headers });
  }

  /** Ends what is still under way (in doubt, when it was on a socket) and closes every connection. */
  async close(): Promise<void> {
    clearInterval(this.sweeper);
    for (const exchange of this.underWay) exchange.end('closed');
    await this.pool.destroy();
  }

  private exchange(options: Dispatcher.DispatchOptions): Promise<Exchange> {
    return new Promise((resolve) => {
      const now = performance.now();
      const exchange = new HttpExchange(now + this.options.timeoutMs, (result) => {
        this.underWay.delete(exchange);
        resolve(result);
      });
      this.underWay.add(exchange);
      if (now - this.lookedAt < STANDSTILL_MS) this.dispatch(options, exchange);
      else setImmediate(() => this.dispatch(options, exchange));
    });
  }

  private dispatch(options: Dispatcher.DispatchOptions, exchange: HttpExchange): void {
    try {
      this.pool.dispatch(options, exchange);
    } catch (error) {
      exchange.fail(error);
    }
  }

  private sweep(): void {
    // Immediates run right after Node has looked at its sockets (the poll phase of its event loop).
    setImmediate(() => (this.lookedAt = performance.now()));
    const now = performance.now();
    for (const exchange of this.underWay) {
      if (exchange.deadline > now) break;
      exchange.end('timeout');
    }
  }
}
