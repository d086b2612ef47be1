import type { Dispatcher } from 'undici';

/** What became of one request, by the only fact that matters to a sender: may the gateway have read it? */
export type Exchange =
  /** A whole answer arrived. `retryAfter` is the raw header. */
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: string;
      readonly retryAfter?: string | string[];
    }
  /** Surely never on a socket: refused connection, unknown host, connect or TLS failure, no free socket in time. */
  | { readonly kind: 'notSent'; readonly code: string }
  /** On a socket, but no whole answer: it may have been accepted. */
  | { readonly kind: 'inDoubt'; readonly code: string };

/** No SMS gateway answers more about a list of texts; what does is something else in its place. */
const MAX_ANSWER_BYTES = 512 * 1024;

/**
 * One request and its answer. States: waiting → started (undici is about to write it) → settled. The state at the end
 * tells `notSent` from `inDoubt`: undici calls `onRequestStart` right before the first byte goes to a connected socket.
 */
export class HttpExchange implements Dispatcher.DispatchHandler {
  private controller?: Dispatcher.DispatchController;
  private settled = false;
  private status = 0;
  private retryAfter?: string | string[];
  private readonly chunks: Buffer[] = [];
  private bytes = 0;

  constructor(
    /** On the clock of performance.now(). */
    readonly deadline: number,
    private readonly settle: (result: Exchange) => void,
  ) {}

  /** Throwing here keeps undici from writing: a given-up request leaves the queue, a once written one is not repeated. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.settled) throw new Error('given up before it was sent');
    if (this.controller) throw Object.assign(new Error('must not be sent twice'), { code: 'connection-lost' });
    this.controller = controller;
  }

  onResponseStart(_controller: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    this.status = status;
    this.retryAfter = headers['retry-after'];
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    if (this.bytes + chunk.length > MAX_ANSWER_BYTES) return this.end('answer-too-large');
    this.bytes += chunk.length;
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    const body = Buffer.concat(this.chunks, this.bytes).toString();
    this.finish({ kind: 'answered', status: this.status, body, retryAfter: this.retryAfter });
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.fail(error);
  }

  /** Settles with the code of an error, never its message, which may quote the request. */
  fail(error: unknown): void {
    const code = (error as { code?: unknown } | undefined)?.code;
    this.finish({ kind: this.controller ? 'inDoubt' : 'notSent', code: typeof code === 'string' ? code : 'failed' });
  }

  /** Gives the request up and closes its socket. */
  end(code: string): void {
    this.finish({ kind: this.controller ? 'inDoubt' : 'notSent', code });
    this.controller?.abort(new Error(code));
  }

  private finish(result: Exchange): void {
    if (this.settled) return;
    this.settled = true;
    this.settle(result);
  }
}
