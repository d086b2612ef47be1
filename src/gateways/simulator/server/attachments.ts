import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/**
 * The services that use this simulator, each by a connection it holds open. A service that is killed loses its
 * connection and nothing else happens: it may be restarted. One that detaches says so, and the last one may end us.
 */
export class Attachments {
  private readonly open = new Map<string, ServerResponse>();
  private changedAtMs: number;

  constructor(private readonly nowMs: () => number) {
    this.changedAtMs = nowMs();
  }

  get count(): number {
    return this.open.size;
  }

  /** How long nobody has used it; 0 while somebody is attached. */
  get idleMs(): number {
    return this.open.size > 0 ? 0 : this.nowMs() - this.changedAtMs;
  }

  /** Answers with the attachment's id and keeps the answer open. */
  attach(response: ServerResponse): void {
    const id = randomUUID();
    this.open.set(id, response);
    response.on('close', () => this.remove(id));
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(`${JSON.stringify({ attachment: id })}\n`);
  }

  /** @returns whether there was such an attachment */
  detach(id: string): boolean {
    const response = this.open.get(id);
    this.remove(id);
    response?.end();
    return response !== undefined;
  }

  /** A message came: somebody uses the simulator without being attached. */
  noteActivity(): void {
    this.changedAtMs = this.nowMs();
  }

  closeAll(): void {
    for (const response of this.open.values()) response.destroy();
  }

  private remove(id: string): void {
    if (this.open.delete(id)) this.changedAtMs = this.nowMs();
  }
}
