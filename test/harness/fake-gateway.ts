import {
  Gateway,
  GatewayCapabilities,
  OutgoingMessage,
  parseReference,
  Receipt,
  ReceiptRequest,
  SendOutcome,
} from '../../src/gateways';

const CAPABILITIES: GatewayCapabilities = {
  sockets: 20,
  timeoutMs: 500,
  receiptMeans: 'handset',
  numberRefusals: ['unknown-subscriber'],
  largestBatch: null,
  lookUp: null,
  resendIsIdempotent: false,
  limits: {
    maxSegments: 4,
    maxCharactersAscii: 612,
    maxCharactersUnicode: 268,
    forbiddenCharacters: '&#',
    supportsUnicode: true,
    senderId: { maxLength: 11, specialCharacters: '-_. ' },
  },
};

/**
 * A gateway in memory that answers as a test tells it and remembers what it was given. It takes lists only
 * where the given capabilities say so.
 */
export class FakeGateway implements Gateway {
  readonly capabilities: GatewayCapabilities;
  readonly sendBatch?: (messages: readonly OutgoingMessage[]) => Promise<SendOutcome[]>;
  readonly taken: OutgoingMessage[] = [];
  /** How many texts each list had. */
  readonly lists: number[] = [];
  /** Decides each answer; accepts everything unless told otherwise. */
  answer: (message: OutgoingMessage) => SendOutcome | Promise<SendOutcome> = ({ reference }) => ({
    kind: 'accepted',
    gatewayMessageId: `fake-${reference.batchId}-${reference.seq}-${reference.attempt}`,
  });

  constructor(
    capabilities: Partial<GatewayCapabilities> = {},
    readonly name = 'fake',
  ) {
    this.capabilities = { ...CAPABILITIES, ...capabilities };
    if (this.capabilities.largestBatch === null) return;
    this.sendBatch = (messages) => {
      this.lists.push(messages.length);
      return Promise.all(messages.map((message) => this.send(message)));
    };
  }

  async send(message: OutgoingMessage): Promise<SendOutcome> {
    this.taken.push(message);
    return this.answer(message);
  }

  /** `[{ reference, status, code }]` without any proof: tests of forgery are with the real gateways. */
  parseReceipts({ rawBody }: ReceiptRequest): Receipt[] {
    const entries = JSON.parse(rawBody.toString()) as { reference: string; status: Receipt['status']; code?: string }[];
    return entries.map(({ reference, status, code = '' }) => ({
      reference: parseReference(reference)!,
      status,
      code,
      gatewayMessageId: `fake-${reference}`,
    }));
  }

  async close(): Promise<void> {}
}
