import { MessageReference, parseReference } from '../../gateway';

export interface MessageRequest {
  /** As given; a receipt carries it back. */
  readonly reference: string;
  readonly parsed: MessageReference;
  readonly to: string;
  readonly from: string;
  readonly text: string;
  /** As the sender counted them. */
  readonly segments: number;
  /** Whether a text of the same batch and seq that was taken before stands for this one. */
  readonly isIdempotent: boolean;
}

export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
}

const E164 = /^\+[1-9]\d{6,14}$/;
/** GSM 03.38 alphanumeric address: at most 11 characters, no control characters. */
const SENDER = /^[\x20-\x7e]{1,11}$/;
/** Ten segments of the GSM alphabet, as most operators allow. */
const MAX_TEXT_LENGTH = 1_530;
const MAX_SEGMENTS = 30;
const FIELDS = ['reference', 'to', 'from', 'text', 'segments', 'idempotent'];

/** @returns undefined for what is no JSON */
export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** Reads one message; every bad field is named, none is quoted. */
export function readMessageRequest(value: unknown): MessageRequest | readonly FieldProblem[] {
  if (typeof value !== 'object' || value === null) return [{ field: 'body', problem: 'must be a JSON object' }];
  const { reference, to, from, text, segments, idempotent } = value as Record<string, unknown>;
  const parsed = typeof reference === 'string' ? parseReference(reference) : undefined;
  const count = Object.keys(value).length - (idempotent === undefined ? 0 : 1);
  const isWhole = count === FIELDS.length - 1 && isFlag(idempotent);
  if (parsed && isE164(to) && isSender(from) && isText(text) && isSegments(segments) && isWhole) {
    return { reference: reference as string, parsed, to, from, text, segments, isIdempotent: idempotent === true };
  }
  return problemsOf(value as Record<string, unknown>, parsed !== undefined);
}

function problemsOf(value: Record<string, unknown>, hasReference: boolean): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!hasReference) problems.push({ field: 'reference', problem: 'must be <batch>.<seq>.<attempt>' });
  if (!isE164(value.to)) problems.push({ field: 'to', problem: 'must be an E.164 number with its plus sign' });
  if (!isSender(value.from)) problems.push({ field: 'from', problem: 'must have 1 to 11 printable ASCII characters' });
  if (!isText(value.text)) problems.push({ field: 'text', problem: `must have 1 to ${MAX_TEXT_LENGTH} characters` });
  if (!isSegments(value.segments)) problems.push({ field: 'segments', problem: `must be from 1 to ${MAX_SEGMENTS}` });
  if (!isFlag(value.idempotent)) problems.push({ field: 'idempotent', problem: 'must be true or false' });
  const unknown = Object.keys(value).filter((field) => !FIELDS.includes(field));
  return problems.concat(unknown.map((field) => ({ field, problem: 'is unknown' })));
}

const isE164 = (value: unknown): value is string => typeof value === 'string' && E164.test(value);
const isSender = (value: unknown): value is string => typeof value === 'string' && SENDER.test(value);
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT_LENGTH;
const isSegments = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_SEGMENTS;
const isFlag = (value: unknown): boolean => value === undefined || typeof value === 'boolean';
