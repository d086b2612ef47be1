import { stringify } from 'node:querystring';
import type { RequestClient } from 'twilio';
import type { SendOutcome } from '../gateway';
import type { GatewayHttp } from '../gateway-http';
import type { Exchange } from '../http-exchange';
import { parseRetryAfter } from '../retry-after';
import { sortTwilioRefusal } from './twilio-errors';

type RequestOptions = Parameters<RequestClient['request']>[0];
type RequestAnswer = Awaited<ReturnType<RequestClient['request']>>;

/** Carries an outcome through the SDK, whose own exceptions lose Retry-After and tell no doubt from a refusal. */
export class SendFailure extends Error {
  constructor(readonly outcome: SendOutcome) {
    super(outcome.kind);
  }
}

/**
 * The SDK's HTTP client over our own connections: kept alive, bounded in time, each request written once. (The SDK's
 * own costs three times the processor time and puts number, text and credentials into its errors.)
 *
 * Only the path of what the SDK asks for is used: the origin is the configured base address, whatever TWILIO_REGION or
 * TWILIO_EDGE say.
 */
export function twilioTransport(Base: new () => RequestClient, http: GatewayHttp): RequestClient {
  class Transport extends Base {
    override async request<TData>(options: RequestOptions): Promise<RequestAnswer & { body: TData }> {
      const answer = await ask(http, options);
      if (answer.kind === 'answered' && answer.status >= 200 && answer.status < 300) {
        return { statusCode: answer.status, body: answer.body as TData, headers: {} };
      }
      throw new SendFailure(sortFailure(answer, Date.now()));
    }
  }
  return new Transport();
}

function ask(http: GatewayHttp, options: RequestOptions): Promise<Exchange> {
  const { pathname, search } = new URL(options.uri);
  if (options.method === 'post') {
    return http.post(pathname + search, headersOf(options), stringify(options.data as Record<string, string>));
  }
  if (options.method !== 'get') throw new Error('only get and post are used here');
  // The address of a further page has its query already.
  const query = options.params ? `?${stringify(options.params as Record<string, string>)}` : search;
  return http.get(pathname + query, headersOf(options));
}

function headersOf({ headers, username, password }: RequestOptions): string[] {
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  return [...Object.entries(headers ?? {}).flat(), 'Authorization', `Basic ${credentials}`];
}

function sortFailure(answer: Exchange, nowMs: number): SendOutcome {
  if (answer.kind === 'notSent') return { kind: 'deferred', because: 'unreachable', code: answer.code };
  if (answer.kind === 'inDoubt') return { kind: 'unknown', code: answer.code };
  return sortTwilioRefusal(answer.status, errorCode(answer.body), parseRetryAfter(answer.retryAfter, nowMs));
}

function errorCode(body: string): number | undefined {
  try {
    const code = (JSON.parse(body) as { code?: unknown } | null)?.code;
    return typeof code === 'number' ? code : undefined;
  } catch {
    return undefined; // A proxy's page; the status decides.
  }
}
