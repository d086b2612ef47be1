import { hasPlainForm, stripAccents, type TextMode } from './accents';
import { checkBody, normaliseBody, type Part } from './body-check';
import { bodyInvalid, textEmpty, textTooLong, valueMissing, valueUnfit } from './template-faults';

/** UTF-16 code units. The longest body the Twilio Messages API takes; about 24 segments with accents. */
export const MAX_TEXT_LENGTH = 1_600;

/** Values by variable name; a name that is absent and a name whose value is blank are told apart. */
export type TemplateValues = Readonly<Record<string, string | undefined>>;

export interface CompiledTemplate {
  /** What was compiled: NFC, trimmed, one line. This is what to store. */
  readonly body: string;
  /** Every variable of the body, those in conditions included, in order of first appearance. */
  readonly variables: readonly string[];
  /**
   * The variables that keep this text from being rendered: those without a value at all, and those whose blank value
   * would leave a gap in the text. A variable that is only tested by `if` or `unless` may be blank. Never throws; made
   * for counting over a whole audience.
   */
  missing(values: TemplateValues): string[];
  /**
   * The variables whose value a helper cannot write: no day, no number. Blank ones are not among them, they are missing.
   * Never throws; as cheap as nothing for a body without such helpers.
   */
  unfit(values: TemplateValues): string[];
  /**
   * The text of one recipient: NFC, one line, at most {@link MAX_TEXT_LENGTH} code units. Values come through to the
   * letter, but for line breaks and control characters, which become one space. Values of other names are ignored.
   * A body in a script that has no plain form (Khmer, Chăm, Jawi) keeps its accents in either mode: it is UCS-2 anyway.
   *
   * @throws Fault `template.value-missing` or `template.value-unfit` (the `names` parameter lists them),
   *   `template.text-too-long` or `template.text-empty`.
   */
  render(values: TemplateValues, mode?: TextMode): string;
}

const BLANK = /^[\s\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2060\ufeff]*$/;
const UNFIT_CHARACTER = /[\p{Cc}\p{Cs}\u2028\u2029]/u;
/** The same, several times faster for want of the flag u, but for whole pairs of surrogates, which it takes for halves. */
const MAYBE_UNFIT = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/;
const CONTROL_CHARACTERS = /[\p{Cc}\u2028\u2029]+/u;
const LONE_SURROGATE = /\p{Cs}/gu;

/**
 * Compiles a body once, for any number of recipients.
 *
 * @throws Fault `template.body-invalid`; its `details.fields` name every fault with line and column, each with its own
 *   code (`template.syntax`, `template.placeholder-name`, `template.helper-unknown`, …).
 */
export function compileTemplate(body: string): CompiledTemplate {
  const normalised = normaliseBody(body);
  const { faults, variables, parts } = checkBody(normalised);
  if (faults.length > 0) throw bodyInvalid(faults);
  const isPicky = hasPicky(parts);
  const keepsAccents = !hasPlainForm(normalised);
  const missing = (values: TemplateValues): string[] => findMissing(variables, parts, values);
  const unfit = (values: TemplateValues): string[] => (isPicky ? [...addUnfit(parts, values, new Set())] : []);
  return {
    body: normalised,
    variables,
    missing,
    unfit,
    render: (values, mode = 'accented') => {
      const lacking = missing(values);
      if (lacking.length > 0) throw valueMissing({ names: lacking.join(', ') });
      const written = write(parts, values);
      if (written === undefined) throw valueUnfit({ names: unfit(values).join(', ') });
      const text = written.normalize('NFC').trim();
      return bounded(mode === 'accented' || keepsAccents ? text : stripAccents(text).trim());
    },
  };
}

function findMissing(variables: readonly string[], parts: readonly Part[], values: TemplateValues): string[] {
  const lacking: string[] = [];
  for (const name of variables) if (typeof values[name] !== 'string') lacking.push(name);
  addBlanks(parts, values, lacking);
  return lacking.length === 0 ? lacking : variables.filter((name) => lacking.includes(name));
}

function addBlanks(parts: readonly Part[], values: TemplateValues, lacking: string[]): void {
  for (const part of parts) {
    if (part.kind === 'choice') addBlanks(branchOf(part, values), values, lacking);
    else if (part.kind === 'value' && isBlank(values[part.name])) lacking.push(part.name);
  }
}

function addUnfit(parts: readonly Part[], values: TemplateValues, unfit: Set<string>): Set<string> {
  for (const part of parts) {
    if (part.kind === 'choice') addUnfit(branchOf(part, values), values, unfit);
    else if (part.kind === 'value' && part.isPicky && !isBlank(values[part.name])) {
      if (writeValue(part, values) === undefined) unfit.add(part.name);
    }
  }
  return unfit;
}

/** Undefined when a helper cannot write a value. */
function write(parts: readonly Part[], values: TemplateValues): string | undefined {
  let text = '';
  for (const part of parts) {
    if (part.kind === 'text') text += part.text;
    else {
      const piece = part.kind === 'choice' ? write(branchOf(part, values), values) : writeValue(part, values);
      if (piece === undefined) return undefined;
      text += piece;
    }
  }
  return text;
}

function writeValue({ name, format }: Part & { kind: 'value' }, values: TemplateValues): string | undefined {
  const value = oneLine(values[name]!);
  return format ? format(value.trim()) : value;
}

function branchOf(choice: Part & { kind: 'choice' }, values: TemplateValues): readonly Part[] {
  return isBlank(values[choice.name]) ? choice.whenEmpty : choice.whenFilled;
}

function hasPicky(parts: readonly Part[]): boolean {
  return parts.some((part) =>
    part.kind === 'choice' ? hasPicky([...part.whenFilled, ...part.whenEmpty]) : part.kind === 'value' && part.isPicky,
  );
}

/** Nothing to read: spaces, invisible and control characters only. */
export function isBlank(value: string | undefined): boolean {
  if (typeof value !== 'string') return true;
  const first = value.charCodeAt(0);
  const isReadable = (first > 0x20 && first < 0x7f) || (first > 0xad && first < 0x1680);
  return !isReadable && BLANK.test(value);
}

function oneLine(value: string): string {
  if (!MAYBE_UNFIT.test(value) || !UNFIT_CHARACTER.test(value)) return value;
  const lines = value.split(CONTROL_CHARACTERS).map((line) => line.trim());
  // Half a character has no UTF-8 form: the database would store something else than was counted.
  return lines.filter(Boolean).join(' ').replace(LONE_SURROGATE, '\ufffd');
}

function bounded(text: string): string {
  if (text.length > MAX_TEXT_LENGTH) throw textTooLong({ length: text.length, limit: MAX_TEXT_LENGTH });
  if (BLANK.test(text)) throw textEmpty();
  return text;
}
