import type { Secrets } from '../../platform/secrets';

export interface SimulatorKeys {
  /** The bearer token of every request but GET /health. */
  readonly token: string;
  /** Signs the delivery receipts. */
  readonly receiptsSecret: string;
}

/** Derived from the one SECRET, so that a service and a simulator started by hand agree without further settings. */
export function simulatorKeys(secrets: Pick<Secrets, 'derive'>): SimulatorKeys {
  return {
    token: secrets.derive('simulator-token').toString('hex'),
    receiptsSecret: secrets.derive('simulator-receipts').toString('hex'),
  };
}
