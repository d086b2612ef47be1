import type { IncomingMessage, ServerResponse } from 'node:http';

/** A text of ten segments takes less than 6 KiB. */
const MAX_BODY_BYTES = 16 * 1024;

export function answerJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string | number> = {},
): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

/** Nothing was accepted: the client may send it again (429, 5xx), or never (4xx). */
export function answerRefusal(
  response: ServerResponse,
  status: number,
  code: string,
  details: Record<string, unknown> = {},
  headers: Record<string, string | number> = {},
): void {
  answerJson(response, status, { accepted: false, code, ...details }, headers);
}

/** Calls back with the whole body. One that is too large is answered here; one that breaks off is dropped. */
export function readBody(request: IncomingMessage, response: ServerResponse, onBody: (body: Buffer) => void): void {
  let body: Buffer | undefined;
  let tooLarge = false;
  request.on('data', (chunk: Buffer) => {
    if (tooLarge) return;
    body = body ? Buffer.concat([body, chunk]) : chunk;
    tooLarge = body.length > MAX_BODY_BYTES;
    if (tooLarge) answerRefusal(response, 413, 'too-large', {}, { connection: 'close' });
  });
  request.on('end', () => {
    if (!tooLarge) onBody(body ?? Buffer.alloc(0));
  });
}
