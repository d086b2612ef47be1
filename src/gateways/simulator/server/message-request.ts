import { MessageReference, parseReference } from '../../gateway';

export interface MessageRequest {
  /** As given; a receipt carries it back. */
  readonly reference: string;
  readonly parsed: MessageReference;
  readonly to: string;
  readonly from: string;
  readonly text: string;
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
const FIELDS = ['reference', 'to', 'from', 'text'];

/** Reads the body of `POST /messages`; every bad field is named, none is quoted. */
export function readMessageRequest(body: Buffer): MessageRequest | readonly FieldProblem[] {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    return [{ field: 'body', problem: 'must be JSON' }];
  }
  if (typeof value !== 'object' || value === null) return [{ field: 'body', problem: 'must be a JSON object' }];
  const { reference, to, from, text } = value as Record<string, unknown>;
  const parsed = typeof reference === 'string' ? parseReference(reference) : undefined;
  if (parsed && isE164(to) && isSender(from) && isText(text) && Object.keys(value).length === FIELDS.length) {
    return { reference: reference as string, parsed, to, from, text };
  }
  return problemsOf(value as Record<string, unknown>, parsed !== undefined);
}

function problemsOf(value: Record<string, unknown>, hasReference: boolean): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!hasReference) problems.push({ field: 'reference', problem: 'must be <batch>.<seq>.<attempt>' });
  if (!isE164(value.to)) problems.push({ field: 'to', problem: 'must be an E.164 number with its plus sign' });
  if (!isSender(value.from)) problems.push({ field: 'from', problem: 'must have 1 to 11 printable ASCII characters' });
  if (!isText(value.text)) problems.push({ field: 'text', problem: `must have 1 to ${MAX_TEXT_LENGTH} characters` });
  const unknown = Object.keys(value).filter((field) => !FIELDS.includes(field));
  return problems.concat(unknown.map((field) => ({ field, problem: 'is unknown' })));
}

const isE164 = (value: unknown): value is string => typeof value === 'string' && E164.test(value);
const isSender = (value: unknown): value is string => typeof value === 'string' && SENDER.test(value);
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT_LENGTH;
