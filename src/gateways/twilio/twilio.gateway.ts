import type { Twilio } from 'twilio';
import { formatReference, Gateway, GatewayCapabilities, OutgoingMessage, Receipt, ReceiptRequest } from '../gateway';
import type { LookUpAnswer, SendOutcome } from '../gateway';
import { GatewayHttp } from '../gateway-http';
import { NUMBER_REFUSALS } from './twilio-errors';
import { LISTED_FROM_MS, matchSentMessages, MOST_LISTED } from './twilio-look-up';
import { TWILIO_LIMITS } from './twilio-limits';
import { TWILIO_URL, TwilioOptions } from './twilio-options';
import { parseTwilioReceipt, REFERENCE_PARAMETER, TwilioReceiptRules } from './twilio-receipts';
import { SendFailure, twilioTransport } from './twilio-transport';

const MESSAGE_SID = /^(SM|MM)[0-9a-f]{32}$/i;

/**
 * Twilio's Messages resource through the official SDK. It promises no idempotency, so a lost answer stays `unknown`;
 * our reference in the callback's query lets a receipt settle it, and so does a look-up that finds exactly one text.
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
      lookUp: { absenceIsProofAfterMs: null },
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

  /** Twilio keeps no reference of ours, so the text is looked for by what was sent and when. */
  async lookUp(message: OutgoingMessage, handedOverAt: Date): Promise<LookUpAnswer> {
    try {
      const dateSentAfter = new Date(handedOverAt.getTime() - LISTED_FROM_MS);
      const listed = await this.client.messages.list({ to: message.phone, dateSentAfter, limit: MOST_LISTED });
      return matchSentMessages(listed, message, handedOverAt);
    } catch (error) {
      if (error instanceof SendFailure) return { kind: 'inconclusive', code: codeOf(error.outcome) };
      // The SDK could not read the answer. Its error may quote texts and numbers: it goes nowhere.
      return { kind: 'inconclusive', code: 'unreadable-answer' };
    }
  }

  parseReceipts(request: ReceiptRequest): Receipt[] {
    return [parseTwilioReceipt(request, this.receiptRules)];
  }

  close(): Promise<void> {
    return this.http.close();
  }
}

function codeOf(outcome: SendOutcome): string {
  return outcome.kind === 'accepted' ? 'unreadable-answer' : outcome.code;
}

function limitsOf({ sockets = 50, timeoutMs = 15_000 }: TwilioOptions): { sockets: number; timeoutMs: number } {
  return { sockets, timeoutMs };
}
