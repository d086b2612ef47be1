/** For benchmarks only: the keys of the simulator and the digests of numbers come from it. */
export const SECRET = 'a secret for benchmarks only, 32 characters';
export const GATEWAY_TIMEOUT_SECONDS = 10;

/** Four workers with large batches, so that its shortest polling interval is not what bounds it: 8,000 a second. */
export const QUEUE_LIBRARY = { batchSize: 1_000, workers: 4, pollingIntervalSeconds: 0.5 } as const;

export const NAIVE = {
  atATime: 50,
  account: `AC${'0'.repeat(32)}`,
  token: 'a token for benchmarks only',
} as const;

/** Texts in one request of the simulator's batch endpoint. */
export const LARGEST_BATCH = 500;
/** Lists in flight: at 0 ms more of them only wait in the simulator. */
export const LISTS_AT_A_TIME = 4;
