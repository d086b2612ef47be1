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
  /** Texts in one call, at most {@link LONGEST_LIST}; null gives each a call of its own. @default null */
  readonly largestBatch?: number | null;
  /** Whether texts may be looked up. @default true */
  readonly answersLookUps?: boolean;
  /** Whether texts are sent so that the simulator takes each batch and seq once, whatever the attempt. @default false */
  readonly resendIsIdempotent?: boolean;
}

/** Texts that `POST /messages/batch` takes at once. */
export const LONGEST_LIST = 500;

export function simulatorOptionFaults(options: SimulatorOptions): FieldFault[] {
  const missing = (['token', 'receiptsSecret'] as const).filter((name) => !options[name]);
  return [
    ...addressFaults('simulator.url', options.url),
    ...missing.map((name) => optionFault(`simulator.${name}`, 'không được để trống.', 'must not be empty.')),
    ...limitFaults('simulator', options),
    ...listFaults(options.largestBatch ?? 1),
  ];
}

function listFaults(largestBatch: number): FieldFault[] {
  if (Number.isInteger(largestBatch) && largestBatch >= 1 && largestBatch <= LONGEST_LIST) return [];
  const [vi, en] = [`phải là số nguyên từ 1 đến ${LONGEST_LIST}.`, `must be a whole number from 1 to ${LONGEST_LIST}.`];
  return [optionFault('simulator.largestBatch', vi, en)];
}
