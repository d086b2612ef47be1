import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppendOnlyFile } from '../../src/gateways/simulator/server/append-only-file';
import { NAIVE } from './settings';

export interface TwilioQuestion {
  readonly ledger: string;
}

export interface TwilioAnswer {
  readonly url: string;
  readonly accepted: number;
  readonly error?: string;
}

interface Acceptance {
  readonly line: string;
  readonly response: ServerResponse;
  readonly answer: string;
}

const PATH = `/2010-04-01/Accounts/${NAIVE.account}/Messages.json`;
const AUTHORISATION = Buffer.from(`Basic ${btoa(`${NAIVE.account}:${NAIVE.token}`)}`);
const SID_BYTES = 16;

/**
 * `POST …/Messages.json` as Twilio answers it, with the work the simulator's own endpoint does for a text: who asks is checked,
 * the fields are read, and each acceptance is on a ledger before it is answered, those of one turn in one write.
 */
class TwilioServer {
  accepted = 0;
  private group: Acceptance[] = [];

  constructor(private readonly ledger: AppendOnlyFile) {}

  receive(request: IncomingMessage, response: ServerResponse, body: string): void {
    const form = new URLSearchParams(body);
    const [to, text] = [form.get('To'), form.get('Body')];
    if (request.url !== PATH || !isAuthorised(request) || !to || !text) {
      response.writeHead(400).end();
      return;
    }
    const sid = `SM${randomBytes(SID_BYTES).toString('hex')}`;
    const line = `${sid} ${to} ${hash('sha256', text, 'hex')} ${Date.now()}\n`;
    const answer = JSON.stringify({
      account_sid: NAIVE.account,
      sid,
      to,
      body: text,
      status: 'queued',
      num_segments: '2',
    });
    if (this.group.push({ line, response, answer }) === 1) setImmediate(() => this.commit());
  }

  private commit(): void {
    const group = this.group;
    this.group = [];
    this.ledger.append(group.map(({ line }) => line).join(''));
    this.accepted += group.length;
    for (const { response, answer } of group) {
      const length = Buffer.byteLength(answer);
      response.writeHead(201, { 'content-type': 'application/json', 'content-length': length }).end(answer);
    }
  }
}

function isAuthorised({ headers }: IncomingMessage): boolean {
  const given = Buffer.from(headers.authorization ?? '');
  return given.length === AUTHORISATION.length && timingSafeEqual(given, AUTHORISATION);
}

async function open(ledger: string): Promise<{ endpoint: TwilioServer; url: string }> {
  const endpoint = new TwilioServer(AppendOnlyFile.open(ledger, () => undefined));
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => endpoint.receive(request, response, Buffer.concat(pieces).toString()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { endpoint, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

let opened: ReturnType<typeof open> | undefined;
// Whatever it is asked, it says where it listens and how many texts are on the ledger.
process.on('message', ({ ledger }: TwilioQuestion) => {
  void (opened ??= open(ledger)).then(({ endpoint: { accepted }, url }) => process.send!({ url, accepted }));
});
process.on('disconnect', () => process.exit(0));
