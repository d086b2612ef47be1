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
/** Servers and load balancers close idle connections after 5 s (node:http) or more; ours must close first. */
const IDLE_MS = 4_000;
const IDLE_AT_MOST_MS = 30_000;
const IDLE_MARGIN_MS = 2_000;

/**
 * POSTs over kept-alive connections, each request written at most once. undici retries nothing by itself but may write
 * a request again when a connection is reset under it; {@link HttpExchange} forbids that.
 */
export class GatewayHttp {
  private readonly pool: Pool;
  private readonly pathPrefix: string;
  /** In order of their deadlines, for they all have the same time-out. */
  private readonly underWay = new Set<HttpExchange>();
  private sweeper?: NodeJS.Timeout;

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
  }

  /**
   * @param headers flat pairs, e.g. `['content-type', 'application/json']`
   * @returns never rejects.
   */
  post(path: string, headers: string[], body: string): Promise<Exchange> {
    return new Promise((resolve) => {
      const exchange = new HttpExchange(performance.now() + this.options.timeoutMs, (result) => {
        this.underWay.delete(exchange);
        resolve(result);
      });
      this.underWay.add(exchange);
      this.sweeper ??= setInterval(() => this.sweep(), this.sweepIntervalMs()).unref();
      this.dispatch({ method: 'POST', path: this.pathPrefix + path, headers, body }, exchange);
    });
  }

  /** Ends what is still under way (in doubt, when it was on a socket) and closes every connection. */
  async close(): Promise<void> {
    clearInterval(this.sweeper);
    for (const exchange of this.underWay) exchange.end('closed');
    await this.pool.destroy();
  }

  private dispatch(options: Dispatcher.DispatchOptions, exchange: HttpExchange): void {
    try {
      this.pool.dispatch(options, exchange);
    } catch (error) {
      exchange.fail(error);
    }
  }

  private sweep(): void {
    const now = performance.now();
    for (const exchange of this.underWay) {
      if (exchange.deadline > now) break;
      exchange.end('timeout');
    }
    if (this.underWay.size > 0) return;
    clearInterval(this.sweeper);
    this.sweeper = undefined;
  }

  private sweepIntervalMs(): number {
    return Math.min(250, Math.max(10, this.options.timeoutMs / 10));
  }
}
