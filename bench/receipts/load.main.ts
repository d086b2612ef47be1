import { connect, type Socket } from 'node:net';
import { callbacksOf, requestOf } from './callbacks';

export type LoadQuestion =
  /** Writes and signs all requests beforehand. */
  | { readonly do: 'sign'; readonly texts: number; readonly batchId: number; readonly publicUrl: string }
  /** The next `requests`, as fast as they are answered. */
  | { readonly do: 'flood'; readonly port: number; readonly requests: number; readonly from: number }
  /** So many a second from `from` on, from the first to the last and again, until it is told to `stop`. */
  | { readonly do: 'pace'; readonly port: number; readonly perSecond: number; readonly from: number }
  | { readonly do: 'stop' };

export interface LoadAnswer {
  readonly error?: string;
  readonly requests: number;
  readonly seconds: number;
  readonly cpuMicroseconds: number;
}

/** As many as a gateway of that size would keep open. */
const CONNECTIONS = 64;
const TICK_MS = 5;
const ANSWER_END = '\r\n\r\n';

let requests: Buffer[] = [];

/** Sends requests over kept connections, one at a time on each: raw sockets, so that it costs little beside what it measures. */
class Load {
  private readonly idle: Socket[] = [];
  private readonly all: Socket[] = [];
  private readonly started = performance.now();
  private readonly cpu = process.cpuUsage();
  private next: number;
  private allowed = 0;
  private sent = 0;
  private answered = 0;
  private ended: ((error?: Error) => void) | undefined;

  private constructor(from: number) {
    this.next = from;
  }

  static async open(port: number, from: number): Promise<Load> {
    const load = new Load(from);
    await Promise.all(Array.from({ length: CONNECTIONS }, () => load.connect(port)));
    return load;
  }

  /** Lets further requests go. */
  allow(more: number): void {
    this.allowed += more;
    while (this.idle.length > 0 && this.sent < this.allowed) this.sendOn(this.idle.pop()!);
  }

  /** How many may have gone since it was opened, at such a rate. */
  pace(perSecond: number): void {
    const due = Math.floor(((performance.now() - this.started) / 1_000) * perSecond);
    this.allow(Math.max(0, due - this.allowed));
  }

  /** When all that was allowed is answered. */
  async finish(): Promise<LoadAnswer> {
    if (this.answered < this.allowed) {
      await new Promise<void>((resolve, reject) => (this.ended = (error) => (error ? reject(error) : resolve())));
    }
    const seconds = (performance.now() - this.started) / 1_000;
    const { user, system } = process.cpuUsage(this.cpu);
    for (const socket of this.all) socket.destroy();
    return { requests: this.answered, seconds, cpuMicroseconds: user + system };
  }

  private async connect(port: number): Promise<void> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      if (!text.includes(ANSWER_END)) return;
      if (!text.startsWith('HTTP/1.1 204 ')) return this.ended?.(new Error(`the service answered ${text}`));
      text = '';
      this.onAnswer(socket);
    });
    socket.on('error', (error) => this.ended?.(error));
    this.all.push(socket);
    this.idle.push(socket);
  }

  private onAnswer(socket: Socket): void {
    this.answered += 1;
    if (this.sent < this.allowed) this.sendOn(socket);
    else this.idle.push(socket);
    if (this.answered === this.allowed) this.ended?.();
  }

  private sendOn(socket: Socket): void {
    this.sent += 1;
    socket.write(requests[this.next++ % requests.length]!);
  }
}

let pacing: { load: Load; timer: NodeJS.Timeout } | undefined;
const NOTHING: LoadAnswer = { requests: 0, seconds: 0, cpuMicroseconds: 0 };

async function answer(question: LoadQuestion): Promise<LoadAnswer> {
  switch (question.do) {
    case 'sign': {
      const { texts, batchId, publicUrl } = question;
      requests = callbacksOf(texts).map((callback) => requestOf(callback, batchId, publicUrl));
      return { ...NOTHING, requests: requests.length };
    }
    case 'flood': {
      const load = await Load.open(question.port, question.from);
      load.allow(question.requests);
      return load.finish();
    }
    case 'pace': {
      const load = await Load.open(question.port, question.from);
      pacing = { load, timer: setInterval(() => load.pace(question.perSecond), TICK_MS) };
      return NOTHING;
    }
    case 'stop': {
      const { load, timer } = pacing!;
      clearInterval(timer);
      return load.finish();
    }
  }
}

process.on('message', (question: LoadQuestion) => {
  answer(question).then(
    (reply) => process.send!(reply),
    (error: Error) => process.send!({ ...NOTHING, error: error.message }),
  );
});
process.on('disconnect', () => process.exit());
