import { formatReference, Gateway, GatewayCapabilities, OutgoingMessage, Receipt, ReceiptRequest } from '../gateway';
import type { SendOutcome } from '../gateway';
import { GatewayHttp } from '../gateway-http';
import { sortSimulatorAnswer } from './simulator-answers';
import { SIMULATOR_LIMITS } from './simulator-limits';
import type { SimulatorOptions } from './simulator-options';
import { parseSimulatorReceipts } from './simulator-receipts';

/** Talks to the simulator, a gateway of our own that texts nobody. It stands in the place of an operator, not of a mock. */
export class SimulatorGateway implements Gateway {
  readonly name = 'simulator';
  readonly capabilities: GatewayCapabilities;
  private readonly http: GatewayHttp;
  private readonly headers: string[];

  constructor(private readonly options: SimulatorOptions) {
    this.capabilities = {
      sockets: options.sockets ?? 100,
      timeoutMs: options.timeoutMs ?? 10_000,
      receiptMeans: 'handset',
      numberRefusals: ['number-refused'],
      limits: SIMULATOR_LIMITS,
      largestBatch: null,
      lookUp: null,
      resendIsIdempotent: false,
    };
    this.http = new GatewayHttp({ ...this.capabilities, baseUrl: options.url });
    this.headers = ['authorization', `Bearer ${options.token}`, 'content-type', 'application/json'];
  }

  async send({ reference, phone, sender, text }: OutgoingMessage): Promise<SendOutcome> {
    const body = JSON.stringify({ reference: formatReference(reference), to: phone, from: sender, text });
    return sortSimulatorAnswer(await this.http.post('/messages', this.headers, body), Date.now());
  }

  parseReceipts(request: ReceiptRequest): Receipt[] {
    return parseSimulatorReceipts(request, this.options.receiptsSecret);
  }

  close(): Promise<void> {
    return this.http.close();
  }
}
