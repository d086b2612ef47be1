import type { Twilio } from 'twilio';
import { formatReference, Gateway, GatewayCapabilities, OutgoingMessage, Receipt, ReceiptRequest } from '../gateway';
import type { SendOutcome } from '../gateway';
import { GatewayHttp } from '../gateway-http';
import { NUMBER_REFUSALS } from './twilio-errors';
import { TWILIO_LIMITS } from './twilio-limits';
import { TWILIO_URL, TwilioOptions } from './twilio-options';
import { parseTwilioReceipt, REFERENCE_PARAMETER, TwilioReceiptRules } from './twilio-receipts';
import { SendFailure, twilioTransport } from './twilio-transport';

const MESSAGE_SID = /^(SM|MM)[0-9a-f]{32}$/i;

/**
 * Twilio's Messages resource through the official SDK. It promises no idempotency, so a lost answer stays `unknown`;
 * our reference in the callback's query lets a receipt settle it.
 *
 * In Viet Nam (https://www.twilio.com/en-us/guidelines/vn/sms) sender IDs and texts must be registered beforehand,
 * political content is prohibited, and receipts are only acknowledgements of the operator's message centre.
 */
export class TwilioGateway implements Gateway {
  readonly name = 'twilio';
  readonly capabilities: GatewayCapabilities;
  private readonly callback: string;

  private constructor(
    options: TwilioOptions,
    private readonly client: Twilio,
    private readonly http: GatewayHttp,
    private readonly receiptRules: TwilioReceiptRules,
  ) {
    this.capabilities = {
      ...limitsOf(options),
      receiptMeans: 'operator',
      numberRefusals: NUMBER_REFUSALS,
      limits: TWILIO_LIMITS,
      largestBatch: null,
      lookUp: null,
      resendIsIdempotent: false,
    };
    this.callback = `${options.publicUrl.replace(/\/+$/, '')}${options.receiptsPath}?${REFERENCE_PARAMETER}=`;
  }

  /** Loads the SDK only now: it takes 0.2 s, which services without Twilio need not spend. */
  static async open(options: TwilioOptions): Promise<TwilioGateway> {
    const { accountSid, authToken, publicUrl, baseUrl = TWILIO_URL } = options;
    const { default: sdk } = await import('twilio');
    const http = new GatewayHttp({ ...limitsOf(options), baseUrl });
    const client = new sdk.Twilio(accountSid, authToken, { httpClient: twilioTransport(sdk.RequestClient, http) });
    return new TwilioGateway(options, client, http, { authToken, publicUrl, validate: sdk.validateRequest });
  }

  async send({ reference, phone, sender, text }: OutgoingMessage): Promise<SendOutcome> {
    try {
      const { sid } = await this.client.messages.create({
        to: phone,
        from: sender,
        body: text,
        statusCallback: this.callback + formatReference(reference),
      });
      if (MESSAGE_SID.test(sid)) return { kind: 'accepted', gatewayMessageId: sid };
    } catch (error) {
      if (error instanceof SendFailure) return error.outcome;
      // The SDK could not read a 2xx answer. Its error quotes the answer, and so the text: it goes nowhere.
    }
    return { kind: 'unknown', code: 'unreadable-answer' };
  }

  parseReceipts(request: ReceiptRequest): Receipt[] {
    return [parseTwilioReceipt(request, this.receiptRules)];
  }

  close(): Promise<void> {
    return this.http.close();
  }
}

function limitsOf({ sockets = 50, timeoutMs = 15_000 }: TwilioOptions): { sockets: number; timeoutMs: number } {
  return { sockets, timeoutMs };
}
