import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Receipt, SimulatorKeys } from '../../src/gateways';
import { Fault } from '../../src/platform/errors';
import { SimulatorGateway } from '../../src/gateways/simulator/simulator.gateway';

/** The service's side of delivery receipts: takes what is rightly signed and remembers it. */
export class ReceiptsSink {
  readonly taken: Receipt[] = [];
  /** How many receipts each request carried. */
  readonly lots: number[] = [];
  /** Requests that were turned away because of {@link isDown}. */
  refused = 0;
  isDown = false;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(keys: SimulatorKeys): Promise<ReceiptsSink> {
    const reader = new SimulatorGateway({ url: 'http://127.0.0.1:1', ...keys });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const sink = new ReceiptsSink(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/receipts?a=1`);
    const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (sink.isDown) {
        sink.refused++;
        response.writeHead(503).end();
        return;
      }
      const { url: path = '', headers } = request;
      try {
        const receipts = reader.parseReceipts({ path, headers, rawBody: Buffer.concat(chunks) });
        sink.lots.push(receipts.length);
        sink.taken.push(...receipts);
        response.writeHead(204).end();
      } catch (error) {
        response.writeHead(error instanceof Fault && error.kind === 'forbidden' ? 403 : 500).end();
      }
    };
    server.on('request', (request, response) => void answer(request, response));
    return sink;
  }

  /** The seqs of the texts that a receipt came for, in order of arrival. */
  get seqs(): number[] {
    return this.taken.map(({ reference }) => reference.seq);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
