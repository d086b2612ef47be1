import { IncomingMessage, request, RequestOptions } from 'node:http';
import type { Behaviour } from './server/behaviour';
import type { Deeds } from './server/deeds';
import type { LedgerSummary } from './server/ledger-summary';
import { SIMULATOR_NAME } from './simulator-files';
import type { PostedReceipt } from './simulator-receipts';

/** What `GET /health` says. */
export interface SimulatorHealth {
  readonly name: typeof SIMULATOR_NAME;
  readonly pid: number;
  readonly instance: string;
  /** Acceptances on the ledger. */
  readonly accepted: number;
  readonly pendingReceipts: number;
  readonly attachments: number;
  /** Processor time since its start. */
  readonly cpuMicroseconds: number;
}

/** A connection that tells the simulator somebody uses it. */
export interface HeldAttachment {
  readonly id: string;
  /** Resolves when the connection is gone, whoever closed it. */
  readonly lost: Promise<void>;
  close(): void;
}

/** The simulator answered something else than 2xx. */
export class ControlRefused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(`the simulator answered ${status} ${code}`);
  }
}

const TIMEOUT_MS = 5_000;

/** The simulator's control interface, for the service, tests and witnesses. Every method rejects when it is not there. */
export class SimulatorControl {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  health(): Promise<SimulatorHealth> {
    return this.ask('GET', '/health');
  }

  ledger(): Promise<LedgerSummary> {
    return this.ask('GET', '/ledger');
  }

  deeds(): Promise<Deeds> {
    return this.ask('GET', '/deeds');
  }

  behaviour(): Promise<Behaviour> {
    return this.ask('GET', '/behaviour');
  }

  /** What is not named goes back to its default. */
  setBehaviour(behaviour: Partial<Behaviour>): Promise<Behaviour> {
    return this.ask('PUT', '/behaviour', behaviour);
  }

  setReceiptsAddress(url: string): Promise<unknown> {
    return this.ask('PUT', '/receipts-address', { url });
  }

  /**
   * Has it post these receipts once, signed rightly or, `forged`, wrongly.
   *
   * @returns the service's HTTP status, or a code where it gave none
   */
  async postReceipts(receipts: readonly PostedReceipt[], { forged }: { forged: boolean }): Promise<number | string> {
    const { answer } = await this.ask<{ answer: number | string }>('POST', '/receipts', { receipts, forged });
    return answer;
  }

  detach(id: string): Promise<{ attachments: number; isEnding: boolean }> {
    return this.ask('DELETE', `/attachments/${id}`);
  }

  async attach(): Promise<HeldAttachment> {
    const response = await this.open('GET', '/attachments');
    const lost = new Promise<void>((resolve) => response.once('close', resolve));
    response.on('error', () => response.destroy()); // 'close' follows and is what counts
    const { attachment } = await firstLine(response);
    response.socket.setTimeout(0);
    // The connection alone does not keep a service running that has nothing else to do.
    response.socket.unref();
    return { id: attachment, lost, close: () => void response.destroy() };
  }

  private async ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.open(method, path, body);
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk as string;
    return JSON.parse(text) as Answer;
  }

  private open(method: string, path: string, body?: unknown): Promise<IncomingMessage> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    // Health is open to all; whoever else listens at that port by now must not learn the token.
    if (path !== '/health') headers.authorization = `Bearer ${this.token}`;
    const options: RequestOptions = { method, headers, agent: false, timeout: TIMEOUT_MS };
    return new Promise((resolve, reject) => {
      const sent = request(this.url + path, options, (response) => {
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) return resolve(response);
        codeOf(response).then((code) => reject(new ControlRefused(status, code)), reject);
      });
      sent.on('timeout', () => sent.destroy(new Error('the simulator does not answer')));
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

async function codeOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk as string;
  return /"code":"([\w.-]+)"/.exec(text)?.[1] ?? '';
}

async function firstLine(response: IncomingMessage): Promise<{ attachment: string }> {
  const line = await new Promise<string>((resolve, reject) => {
    response.setEncoding('utf8').once('data', resolve);
    response.once('close', () => reject(new Error('the simulator closed the attachment')));
  });
  response.resume();
  return JSON.parse(line) as { attachment: string };
}
