/** The languages every message to a person exists in. */
export type Language = 'vi' | 'en';
export type Localised = Readonly<Record<Language, string>>;

/**
 * The kinds of fault the domain knows. It knows no HTTP: `http/problem.filter.ts` is the one translator.
 * `unreadable` and `invalid` are both bad input: the first cannot be parsed, the second breaks a rule.
 */
export type FaultKind =
  | 'unreadable'
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'notFound'
  | 'conflict'
  | 'tooLarge'
  | 'limited'
  | 'unavailable';

export type FaultParams = Readonly<Record<string, string | number>>;

/** One thing wrong with one field of the input; `field` is a path such as `listIds[0]`. */
export interface FieldFault {
  readonly field: string;
  readonly code: string;
  readonly message: Localised;
}

/**
 * An expected fault: it has a stable code and says in two languages what is wrong and what to do.
 * Anything else that is thrown is a bug, of which the caller learns nothing but a request id.
 */
export class Fault extends Error {
  constructor(
    readonly kind: FaultKind,
    readonly code: string,
    readonly text: Localised,
    readonly details: {
      readonly field?: string;
      readonly fields?: readonly FieldFault[];
      readonly retryAfterSeconds?: number;
      /** Facts for programs, never personal data. */
      readonly params?: FaultParams;
    } = {},
  ) {
    super(`${code}: ${text.en}`);
    this.name = 'Fault';
  }
}

export interface FaultFactory {
  (params?: FaultParams, details?: { field?: string; retryAfterSeconds?: number }): Fault;
  readonly code: string;
}

/**
 * Declares a fault once, beside the rule that raises it: `{name}` in a text is filled from the parameters.
 *
 * @example
 * const listNotFound = fault('notFound', 'list.not-found', { vi: 'Không có danh sách {id}.', en: 'There is no list {id}.' });
 * throw listNotFound({ id });
 */
export function fault(kind: FaultKind, code: string, text: Localised, field?: string): FaultFactory {
  const factory = (params: FaultParams = {}, details: { field?: string; retryAfterSeconds?: number } = {}): Fault =>
    new Fault(kind, code, fillIn(text, params), { field, ...details, params });
  return Object.assign(factory, { code });
}

/** Replaces `{name}` in both languages; a name without a parameter stays visible, so that a test sees it. */
export function fillIn(text: Localised, params: FaultParams): Localised {
  const fill = (sentence: string): string =>
    sentence.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
  return { vi: fill(text.vi), en: fill(text.en) };
}
