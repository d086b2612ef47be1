import { timingSafeEqual } from 'node:crypto';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { Fault } from '../../../platform/errors';
import type { Log } from '../../../platform/observability/log';
import { LONGEST_LIST } from '../simulator-options';
import { answerRefusal, readBody } from './http-answers';
import type { LookUpEndpoint } from './look-up-endpoint';
import { readJson } from './message-request';
import type { MessagesEndpoint } from './messages-endpoint';

/** Longer than any client of ours keeps a connection idle, so that no request meets a connection being closed. */
const KEEP_ALIVE_MS = 65_000;

/** Answers one request of the control interface. `body` is parsed JSON, undefined when there was none. */
export type ControlRoute = (body: unknown, response: ServerResponse, lastSegment: string) => void | Promise<void>;

/** By method and path; the last segment of a path that ends in `*` is handed over. Only `GET /health` is open to all. */
export type ControlRoutes = Readonly<Record<string, ControlRoute>>;

/** A text of ten segments takes less than 6 KiB; so do those of a list. */
const MOST_BYTES = 16 * 1024;
const MOST_BYTES_OF_LIST = LONGEST_LIST * 6 * 1024;
const LIST = '/messages/batch';
const LOOK_UP = '/messages/';

export interface Endpoints {
  readonly messages: MessagesEndpoint;
  readonly lookUps: LookUpEndpoint;
}

export function createSimulatorServer(
  token: string,
  { messages, lookUps }: Endpoints,
  routes: ControlRoutes,
  log: Log,
): Server {
  const isAuthorised = bearerCheck(token);
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    // The body is read before a refusal too: closing a connection on unread bytes would reset it under the answer.
    readBody(request, response, url === LIST ? MOST_BYTES_OF_LIST : MOST_BYTES, (body) => {
      const isOpen = method === 'GET' && url === '/health';
      if (!isOpen && !isAuthorised(request)) return unauthorised(response);
      if (method === 'POST' && url === '/messages') messages.receive(body, response);
      else if (method === 'POST' && url === LIST) messages.receiveList(body, response);
      else if (method === 'GET' && url.startsWith(LOOK_UP)) lookUps.receive(url.slice(LOOK_UP.length), response);
      else void control(routes, request, response, body, log);
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

async function control(
  routes: ControlRoutes,
  { method = '', url = '' }: IncomingMessage,
  response: ServerResponse,
  rawBody: Buffer,
  log: Log,
): Promise<void> {
  const slash = url.lastIndexOf('/');
  const route = routes[`${method} ${url}`] ?? routes[`${method} ${url.slice(0, slash)}/*`];
  if (!route) return answerRefusal(response, 404, 'not-found');
  try {
    await route(rawBody.length > 0 ? readJson(rawBody) : undefined, response, url.slice(slash + 1));
  } catch (error) {
    if (error instanceof Fault) return answerRefusal(response, 422, error.code, { message: error.text });
    log.error({ err: error }, 'a control request failed');
    if (!response.headersSent) answerRefusal(response, 500, 'failed');
  }
}

function unauthorised(response: ServerResponse): void {
  answerRefusal(response, 401, 'unauthorised', {}, { 'www-authenticate': 'Bearer' });
}

function bearerCheck(token: string): (request: IncomingMessage) => boolean {
  const expected = Buffer.from(`Bearer ${token}`);
  return ({ headers }) => {
    const given = Buffer.from(headers.authorization ?? '');
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
}
