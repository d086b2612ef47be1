import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

export interface ReadEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: Record<string, unknown>;
  readonly atMs: number;
}

/** A browser's EventSource, as far as tests need one, on a socket of its own. */
export class EventReader {
  readonly events: ReadEvent[] = [];
  /** All that came, comments included. */
  raw = '';
  status = 0;
  headers: IncomingHttpHeaders = {};
  /** Resolves once the other side has ended the answer, or cut it. */
  readonly ended: Promise<void>;
  private readonly outgoing;
  private answer?: IncomingMessage;
  private readonly waiting = new Set<() => void>();

  private constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.outgoing = request(url, { headers: { Accept: 'text/event-stream', ...headers }, agent: false });
    this.ended = new Promise((resolve) => this.outgoing.once('close', resolve));
    this.outgoing.on('error', () => undefined);
  }

  /** Resolves with the head of the answer. */
  static async open(url: string, headers: Readonly<Record<string, string>>): Promise<EventReader> {
    const reader = new EventReader(url, headers);
    reader.outgoing.end();
    reader.answer = await new Promise<IncomingMessage>((resolve, reject) => {
      reader.outgoing.once('response', resolve).once('error', reject);
    });
    reader.status = reader.answer.statusCode!;
    reader.headers = reader.answer.headers;
    reader.answer.setEncoding('utf8').on('data', (text: string) => reader.take(text));
    reader.answer.on('error', () => undefined);
    return reader;
  }

  /** The first event, of those that came or will, for which this holds. */
  async until(holds: (event: ReadEvent) => boolean, patienceMs = 15_000): Promise<ReadEvent> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const found = this.events.find(holds);
      if (found) return found;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw new Error(`no such event came: ${JSON.stringify(this.events.slice(-2))}`);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, leftMs);
        this.waiting.add(wake);
      });
    }
  }

  /** Stops reading, as a laptop that was closed. */
  stall(): void {
    this.answer!.pause();
  }

  async leave(): Promise<void> {
    this.outgoing.destroy();
    await this.ended;
  }

  private take(text: string): void {
    const begun = this.raw.lastIndexOf('\n\n') + 1;
    this.raw += text;
    const blocks = this.raw.slice(begun > 0 ? begun + 1 : 0).split('\n\n');
    for (const block of blocks.slice(0, -1)) this.note(block);
    for (const wake of [...this.waiting]) wake();
  }

  private note(block: string): void {
    const fields = new Map(
      block.split('\n').map((line) => [line.split(': ', 1)[0]!, line.slice(line.indexOf(': ') + 2)]),
    );
    if (!fields.has('data')) return;
    const data = JSON.parse(fields.get('data')!) as Record<string, unknown>;
    this.events.push({ event: fields.get('event')!, id: fields.get('id'), data, atMs: performance.now() });
  }
}
