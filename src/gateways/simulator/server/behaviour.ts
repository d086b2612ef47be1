import { Fault, FieldFault } from '../../../platform/errors';

/** What the simulator was told to do. Shares are 0..1 of the messages. */
export interface Behaviour {
  /** Same seed, same number, same batch: same refusal, whatever the order of arrival. */
  readonly seed: number;
  /** From the acceptance to the answer. */
  readonly latencyMs: number;
  /** Refused for good, by number: 422 `number-refused`. */
  readonly refuseShare: number;
  /** Refused because the number has opted out at the operator, by number: 422 `opted-out`. */
  readonly optedOutShare: number;
  /** 429 with Retry-After, nothing accepted. A repetition is drawn anew, as with every share below. */
  readonly throttleShare: number;
  readonly retryAfterSeconds: number;
  /** 503, nothing accepted. */
  readonly failShare: number;
  /** Never answered, nothing accepted. */
  readonly hangShare: number;
  /** Accepted, on the ledger, and the connection closed without an answer. */
  readonly dropShare: number;
  /** As dropShare, but the connection is reset. Shares of hanging, dropping and resetting count requests: a list is one. */
  readonly resetShare: number;
  /** What a contract permits: 429 `throttled` beyond it. 0: no limit. */
  readonly segmentsPerSecond: number;
  /** How far before their place at an even pace texts may come. */
  readonly burstMs: number;
  /** Texts that may wait for their answer at once: 429 `too-many-in-flight` beyond it. 0: no limit. */
  readonly mostInFlight: number;
  /** Whether messages accepted from now on get a receipt at all. */
  readonly receipts: boolean;
  /** From the acceptance; a delay shorter than the latency sends receipts before the answer. */
  readonly receiptsDelayMs: number;
  readonly receiptsPerPost: number;
  /** Receipts that say `undelivered`, by number. */
  readonly undeliveredShare: number;
  /** Receipts sent a second time, later. */
  readonly repeatReceiptsShare: number;
  /** Receipts held back behind later ones, and followed by a belated `pending`. */
  readonly reorderReceiptsShare: number;
}

export const DEFAULT_BEHAVIOUR: Behaviour = {
  seed: 1,
  latencyMs: 0,
  refuseShare: 0,
  optedOutShare: 0,
  throttleShare: 0,
  retryAfterSeconds: 1,
  failShare: 0,
  hangShare: 0,
  dropShare: 0,
  resetShare: 0,
  segmentsPerSecond: 0,
  burstMs: 200,
  mostInFlight: 0,
  receipts: true,
  receiptsDelayMs: 100,
  receiptsPerPost: 100,
  undeliveredShare: 0,
  repeatReceiptsShare: 0,
  reorderReceiptsShare: 0,
};

const WHOLE_NUMBERS: Readonly<Record<string, readonly [number, number]>> = {
  seed: [0, 0xffff_ffff],
  latencyMs: [0, 600_000],
  retryAfterSeconds: [0, 86_400],
  segmentsPerSecond: [0, 1_000_000],
  burstMs: [0, 60_000],
  mostInFlight: [0, 1_000_000],
  receiptsDelayMs: [0, 86_400_000],
  receiptsPerPost: [1, 1_000],
};

/**
 * Reads a behaviour; what is not named has its default.
 *
 * @throws Fault `simulator.bad-behaviour` naming every field that is unknown or out of range
 */
export function readBehaviour(input: unknown): Behaviour {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw badBehaviour([fieldFault('behaviour', 'phải là một đối tượng JSON', 'must be a JSON object')]);
  }
  const faults = Object.entries(input).flatMap(([field, value]) => faultsOf(field, value));
  if (faults.length > 0) throw badBehaviour(faults);
  return { ...DEFAULT_BEHAVIOUR, ...input };
}

function faultsOf(field: string, value: unknown): FieldFault[] {
  if (!Object.hasOwn(DEFAULT_BEHAVIOUR, field)) {
    const known = Object.keys(DEFAULT_BEHAVIOUR).join(', ');
    return [fieldFault(field, `không có thuộc tính này; chỉ có ${known}`, `is unknown; there are ${known}`)];
  }
  if (field === 'receipts') {
    return typeof value === 'boolean' ? [] : [fieldFault(field, 'phải là true hoặc false', 'must be true or false')];
  }
  const range = WHOLE_NUMBERS[field];
  const [low, high] = range ?? [0, 1];
  const fits = typeof value === 'number' && value >= low && value <= high && (!range || Number.isInteger(value));
  if (fits) return [];
  const [vi, en] = range ? ['số nguyên', 'a whole number'] : ['số', 'a number'];
  return [fieldFault(field, `phải là ${vi} từ ${low} đến ${high}`, `must be ${en} from ${low} to ${high}`)];
}

function fieldFault(field: string, vi: string, en: string): FieldFault {
  return { field, code: 'simulator.bad-behaviour', message: { vi, en } };
}

function badBehaviour(fields: readonly FieldFault[]): Fault {
  const list = (language: 'vi' | 'en'): string =>
    fields.map(({ field, message }) => `${field} ${message[language]}`).join('; ');
  const text = {
    vi: `Cấu hình hành vi của cổng mô phỏng không hợp lệ: ${list('vi')}.`,
    en: `The simulator's behaviour is invalid: ${list('en')}.`,
  };
  return new Fault('invalid', 'simulator.bad-behaviour', text, { fields });
}
