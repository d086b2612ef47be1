import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { noAnswer, refused } from './demo-faults';

/** An import or a submission of a large audience takes its time. */
const TIMEOUT_MS = 15 * 60_000;
const LONGEST_RETRY_AFTER_SECONDS = 120;
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '.pdf': 'application/pdf',
};

/** The service answered, and said no: a problem document (RFC 9457). */
export class RestRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly request: string,
  ) {
    super(`${request}: ${status} ${code}`);
  }

  /** For people. */
  asFault() {
    return refused({ request: this.request, status: this.status, code: this.code, detail: this.detail });
  }
}

/** The service's REST API as one person uses it, with the session cookie of that person. */
export class RestClient {
  private constructor(
    private readonly url: string,
    private readonly cookie: string,
  ) {}

  /** @throws RestRefusal 401 when there is no such account or the password is another */
  static async signIn(url: string, account: { username: string; password: string }): Promise<RestClient> {
    const nobody = new RestClient(url, '');
    const response = await nobody.send('POST', '/api/v1/session', jsonBody(account));
    await response.arrayBuffer();
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0]!);
    return new RestClient(url, cookies.join('; '));
  }

  async get<Answer>(path: string): Promise<Answer> {
    return (await (await this.send('GET', path)).json()) as Answer;
  }

  async post<Answer>(path: string, body: unknown = {}): Promise<Answer> {
    return (await (await this.send('POST', path, jsonBody(body))).json()) as Answer;
  }

  async patch(path: string, body: unknown): Promise<void> {
    await (await this.send('PATCH', path, jsonBody(body))).arrayBuffer();
  }

  async put(path: string, body: unknown): Promise<void> {
    await (await this.send('PUT', path, jsonBody(body))).arrayBuffer();
  }

  /** Uploads a file in the form field `file`, with further fields. */
  async upload<Answer>(path: string, file: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', new Blob([await readFile(file)], { type: MEDIA_TYPES[extname(file)] }), basename(file));
    return (await (await this.send('POST', path, { body: form, headers: {} })).json()) as Answer;
  }

  /** Waits as told where the service is busy (429, 503 with Retry-After): nothing was done then. */
  private async send(
    method: string,
    path: string,
    content: { body?: string | FormData; headers: Record<string, string> } = { headers: {} },
  ): Promise<Response> {
    const headers = {
      ...content.headers,
      cookie: this.cookie,
      'accept-language': 'vi',
      'sec-fetch-site': 'same-origin',
    };
    const request = `${method} ${path.split('?')[0]}`;
    for (;;) {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(this.url + path, { method, headers, body: content.body, signal }).catch(
        (error: Error & { cause?: { code?: string } }) => {
          throw noAnswer({ request, reason: error.cause?.code ?? error.message });
        },
      );
      if (response.ok) return response;
      const refusal = await refusalOf(response, request);
      const waitSeconds = Number(response.headers.get('retry-after') ?? NaN);
      const isBusy = response.status === 429 || response.status === 503;
      if (!isBusy || !(waitSeconds <= LONGEST_RETRY_AFTER_SECONDS)) throw refusal;
      await sleep(Math.max(1, waitSeconds) * 1_000);
    }
  }
}

function jsonBody(body: unknown): { body: string; headers: Record<string, string> } {
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

async function refusalOf(response: Response, request: string): Promise<RestRefusal> {
  const text = await response.text();
  try {
    const { code, detail } = JSON.parse(text) as { code?: string; detail?: string };
    return new RestRefusal(response.status, code ?? '-', detail ?? '-', request);
  } catch {
    return new RestRefusal(response.status, '-', text.slice(0, 200), request);
  }
}
