import type { ServerResponse } from 'node:http';

/** Answers that never come. */
export class Hung {
  private readonly responses = new Set<ServerResponse>();

  add(response: ServerResponse): void {
    this.responses.add(response);
    response.on('close', () => this.responses.delete(response));
  }

  /** Closes their connections. */
  letGo(): void {
    for (const response of this.responses) response.destroy();
  }
}
