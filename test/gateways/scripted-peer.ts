import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** How the peer treats one request whose body it has read. */
export type Treatment = (response: ServerResponse, request: SeenRequest) => void;

/** A real HTTP server in the place of a gateway's, that does with each request what a test tells it to. */
export class ScriptedPeer {
  readonly seen: SeenRequest[] = [];
  treat: Treatment = (response) => response.writeHead(500).end();
  /** Connections made so far. */
  connections = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<ScriptedPeer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const peer = new ScriptedPeer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('connection', () => peer.connections++);
    server.on('request', (request, response) => void peer.serve(request, response));
    return peer;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk as string;
    const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    this.seen.push(seen);
    this.treat(response, seen);
  }
}

export function answer(status: number, value: unknown, headers: Record<string, string> = {}): Treatment {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  return (response) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}

/** Reads the request and never answers. */
export const hang: Treatment = () => undefined;

/** Reads the request and closes the connection without a byte. */
export const drop: Treatment = (response) => response.destroy();

/** Announces an answer, sends the beginning of it and resets the connection. */
export function resetMidAnswer(status: number): Treatment {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': '500' });
    response.write('{"id":"S', () => response.socket?.resetAndDestroy());
  };
}

/** Sends one character of an answer after the other, each in good time, for ever. */
export const trickle: Treatment = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
};
