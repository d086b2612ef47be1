import type { FieldFault } from '../../platform/errors';
import { addressFaults, limitFaults, optionFault } from '../option-faults';

export interface SimulatorOptions {
  /** Where it listens, e.g. `http://127.0.0.1:41234`; attachSimulator() returns it. */
  readonly url: string;
  readonly token: string;
  readonly receiptsSecret: string;
  /** @default 100 */
  readonly sockets?: number;
  /** @default 10 000 */
  readonly timeoutMs?: number;
}

export function simulatorOptionFaults(options: SimulatorOptions): FieldFault[] {
  const missing = (['token', 'receiptsSecret'] as const).filter((name) => !options[name]);
  return [
    ...addressFaults('simulator.url', options.url),
    ...missing.map((name) => optionFault(`simulator.${name}`, 'không được để trống.', 'must not be empty.')),
    ...limitFaults('simulator', options),
  ];
}
