import type { Dispatcher } from 'undici';

/** What became of one request, by the only fact that matters to a sender: may the gateway have read it? */
export type Exchange =
  /** A whole answer arrived. `retryAfter` is the raw header. */
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: string;
      readonly retryAfter?: string;
    }
  /** Surely never on a socket: refused connection, unknown host, connect or TLS failure, no free socket in time. */
  | { readonly kind: 'notSent'; readonly code: string }
  /** On a socket, but no whole answer: it may have been accepted. */
  | { readonly kind: 'inDoubt'; readonly code: string };

/** No SMS gateway answers more about a list of texts; what does is something else in its place. */
const MAX_ANSWER_BYTES = 512 * 1024;

/**
 * One request and its answer. States: waiting → started (undici is about to write it) → settled. The state at the end
 * tells `notSent` from `inDoubt`: undici calls `onConnect` right before the first byte goes to a connected socket.
 *
 * These are undici's older callbacks, which it calls as they are. The newer ones it wraps, and reads every header into an
 * object: a tenth of the client's processor time.
 */
export class HttpExchange implements Dispatcher.DispatchHandler {
  private abort?: (reason: Error) => void;
  private settled = false;
  private status = 0;
  private retryAfter?: string;
  private readonly chunks: Buffer[] = [];
  private bytes = 0;

  constructor(
    /** On the clock of performance.now(). */
    readonly deadline: number,
    private readonly settle: (result: Exchange) => void,
  ) {}

  /** Throwing here keeps undici from writing: a given-up request leaves the queue, a once written one is not repeated. */
  onConnect(abort: (reason: Error) => void): void {
    if (this.settled) throw new Error('given up before it was sent');
    if (this.abort) throw Object.assign(new Error('must not be sent twice'), { code: 'connection-lost' });
    this.abort = abort;
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    this.status = status;
    if (status >= 300) this.retryAfter = headerIn(headers, 'retry-after');
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.bytes += chunk.length;
    if (this.bytes > MAX_ANSWER_BYTES) this.end('answer-too-large');
    else this.chunks.push(chunk);
    return true;
  }

  onComplete(): void {
    const { chunks, status, retryAfter } = this;
    const body = (chunks.length > 1 ? Buffer.concat(chunks, this.bytes) : chunks[0])?.toString() ?? '';
    this.finish({ kind: 'answered', status, body, retryAfter });
  }

  onError(error: Error): void {
    this.fail(error);
  }

  /** Settles with the code of an error, never its message, which may quote the request. */
  fail(error: unknown): void {
    const code = (error as { code?: unknown } | undefined)?.code;
    this.finish({ kind: this.abort ? 'inDoubt' : 'notSent', code: typeof code === 'string' ? code : 'failed' });
  }

  /** Gives the request up and closes its socket. */
  end(code: string): void {
    this.finish({ kind: this.abort ? 'inDoubt' : 'notSent', code });
    this.abort?.(new Error(code));
  }

  private finish(result: Exchange): void {
    if (this.settled) return;
    this.settled = true;
    this.settle(result);
  }
}

/** @param headers names and values in turn, as they came */
function headerIn(headers: readonly Buffer[], name: string): string | undefined {
  const at = headers.findIndex((header, index) => index % 2 === 0 && header.toString('latin1').toLowerCase() === name);
  return at < 0 ? undefined : headers[at + 1]?.toString('latin1');
}
