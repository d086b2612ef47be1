import type { IncomingMessage, ServerResponse } from 'node:http';

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

/** No answer: closes the connection, or resets it. */
export function breakOff(response: ServerResponse, how: 'drop' | 'reset'): void {
  if (how === 'drop') response.destroy();
  else response.socket?.resetAndDestroy();
}

const EMPTY = Buffer.alloc(0);

/** Calls back with the whole body. One that is too large is answered here; one that breaks off is dropped. */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  mostBytes: number,
  onBody: (body: Buffer) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    if (bytes > mostBytes) return;
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > mostBytes) answerRefusal(response, 413, 'too-large', {}, { connection: 'close' });
  });
  request.on('end', () => {
    if (bytes <= mostBytes) onBody(chunks.length > 1 ? Buffer.concat(chunks, bytes) : (chunks[0] ?? EMPTY));
  });
}
