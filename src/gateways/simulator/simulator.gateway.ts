import { formatReference, Gateway, GatewayCapabilities, OutgoingMessage, Receipt, ReceiptRequest } from '../gateway';
import type { LookUpAnswer, SendOutcome } from '../gateway';
import { GatewayHttp } from '../gateway-http';
import { sortSimulatorAnswer, sortSimulatorListAnswer, sortSimulatorLookUp } from './simulator-answers';
import { SIMULATOR_LIMITS } from './simulator-limits';
import type { SimulatorOptions } from './simulator-options';
import { parseSimulatorReceipts } from './simulator-receipts';

/** Talks to the simulator, a gateway of our own that texts nobody. It stands in the place of an operator, not of a mock. */
export class SimulatorGateway implements Gateway {
  readonly name = 'simulator';
  readonly capabilities: GatewayCapabilities;
  /** Only where `largestBatch` says that lists are to be used. */
  readonly sendBatch?: (messages: readonly OutgoingMessage[]) => Promise<SendOutcome[]>;
  readonly lookUp?: (message: OutgoingMessage) => Promise<LookUpAnswer>;
  private readonly http: GatewayHttp;
  private readonly headers: string[];

  constructor(private readonly options: SimulatorOptions) {
    const { largestBatch = null, answersLookUps = true, resendIsIdempotent = false } = options;
    this.capabilities = {
      sockets: options.sockets ?? 100,
      timeoutMs: options.timeoutMs ?? 10_000,
      receiptMeans: 'handset',
      numberRefusals: ['number-refused'],
      limits: SIMULATOR_LIMITS,
      largestBatch,
      // It closes a reference as it answers that it knows none.
      lookUp: answersLookUps ? { absenceIsProofAfterMs: 0 } : null,
      resendIsIdempotent,
    };
    this.http = new GatewayHttp({ ...this.capabilities, baseUrl: options.url });
    this.headers = ['authorization', `Bearer ${options.token}`, 'content-type', 'application/json'];
    if (largestBatch !== null) this.sendBatch = (messages) => this.postList(messages);
    if (answersLookUps) this.lookUp = (message) => this.ask(message);
  }

  async send(message: OutgoingMessage): Promise<SendOutcome> {
    const body = JSON.stringify(this.bodyOf(message));
    return sortSimulatorAnswer(await this.http.post('/messages', this.headers, body), Date.now());
  }

  parseReceipts(request: ReceiptRequest): Receipt[] {
    return parseSimulatorReceipts(request, this.options.receiptsSecret);
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private async postList(messages: readonly OutgoingMessage[]): Promise<SendOutcome[]> {
    const body = JSON.stringify(messages.map((message) => this.bodyOf(message)));
    const answer = await this.http.post('/messages/batch', this.headers, body);
    return sortSimulatorListAnswer(answer, messages.length, Date.now());
  }

  private async ask({ reference }: OutgoingMessage): Promise<LookUpAnswer> {
    return sortSimulatorLookUp(await this.http.get(`/messages/${formatReference(reference)}`, this.headers));
  }

  private bodyOf({ reference, phone, sender, text, segments }: OutgoingMessage) {
    const body = { reference: formatReference(reference), to: phone, from: sender, text, segments };
    return this.capabilities.resendIsIdempotent ? { ...body, idempotent: true } : body;
  }
}
