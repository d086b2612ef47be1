import QueryStream from 'pg-query-stream';

/**
 * The rows of a query as objects, through a cursor. The driver's own waits for an answer to its goodbye, which a connection
 * that is gone never gives: whoever reads would wait for ever. This one ends with the error.
 */
export class RowStream extends QueryStream {
  private giveUp?: (error: Error) => void;

  constructor(sql: string, values: readonly unknown[]) {
    super(sql, values as unknown[], { batchSize: 500 });
  }

  connectionLost(error: Error): void {
    this.destroy(error);
    this.giveUp?.(error);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    let isOver = false;
    const end = (reason: Error | null): void => {
      if (isOver) return;
      isOver = true;
      callback(reason);
    };
    this.giveUp = (lost) => end(error ?? lost);
    super._destroy(error as Error, end);
  }
}
