import Handlebars from 'handlebars';
import { stripAccents, type TextMode } from './accents';
import { checkBody, normaliseBody, type Need } from './body-check';
import { bodyInvalid, textEmpty, textTooLong, valueMissing } from './template-faults';

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
   * The text of one recipient: NFC, one line, at most {@link MAX_TEXT_LENGTH} code units. Values come through to the
   * letter, but for line breaks and control characters, which become one space. Values of other names are ignored.
   *
   * @throws Fault `template.value-missing` (its `names` parameter lists them), `template.text-too-long` or
   *   `template.text-empty`.
   */
  render(values: TemplateValues, mode?: TextMode): string;
}

const BLANK = /^[\s\u00ad\u200b-\u200f\u2060\ufeff]*$/;
const UNFIT_CHARACTER = /[\p{Cc}\p{Cs}\u2028\u2029]/u;
const CONTROL_CHARACTERS = /[\p{Cc}\u2028\u2029]+/u;
const LONE_SURROGATE = /\p{Cs}/gu;

const COMPILE_OPTIONS = {
  strict: true,
  noEscape: true,
  knownHelpersOnly: true,
  knownHelpers: { each: false, with: false, log: false, lookup: false },
};
const isolated = createEnvironment();

/**
 * Compiles a body once, for any number of recipients.
 *
 * @throws Fault `template.body-invalid`; its `details.fields` name every fault with line and column, each with its own
 *   code (`template.syntax`, `template.placeholder-name`, `template.helper-unknown`, …).
 */
export function compileTemplate(body: string): CompiledTemplate {
  const normalised = normaliseBody(body);
  const { ast, faults, variables, needs } = checkBody(normalised);
  if (!ast || faults.length > 0) throw bodyInvalid(faults);
  const fill: (context: object) => string = isolated.compile(ast, COMPILE_OPTIONS);
  const missing = (values: TemplateValues): string[] => findMissing(variables, needs, values);
  return {
    body: normalised,
    variables,
    missing,
    render: (values, mode = 'accented') => {
      const lacking = missing(values);
      if (lacking.length > 0) throw valueMissing({ names: lacking.join(', ') });
      const text = fill(contextOf(variables, values)).normalize('NFC').trim();
      return bounded(mode === 'accented' ? text : stripAccents(text).trim());
    },
  };
}

function findMissing(variables: readonly string[], needs: readonly Need[], values: TemplateValues): string[] {
  const lacking = new Set<string>();
  for (const name of variables) if (typeof values[name] !== 'string') lacking.add(name);
  addBlanks(needs, values, lacking);
  return lacking.size === 0 ? [] : variables.filter((name) => lacking.has(name));
}

function addBlanks(needs: readonly Need[], values: TemplateValues, lacking: Set<string>): void {
  for (const need of needs) {
    const blank = isBlank(values[need.name]);
    if (need.kind === 'choice') addBlanks(blank ? need.whenEmpty : need.whenFilled, values, lacking);
    else if (blank) lacking.add(need.name);
  }
}

function isBlank(value: string | undefined): boolean {
  return typeof value !== 'string' || BLANK.test(value);
}

/** Only the template's own variables, on an object that inherits nothing. */
function contextOf(variables: readonly string[], values: TemplateValues): object {
  const context = Object.create(null) as Record<string, string>;
  for (const name of variables) context[name] = oneLine(values[name]!);
  return context;
}

function oneLine(value: string): string {
  if (BLANK.test(value)) return '';
  if (!UNFIT_CHARACTER.test(value)) return value;
  const lines = value.split(CONTROL_CHARACTERS).map((line) => line.trim());
  // Half a character has no UTF-8 form: the database would store something else than was counted.
  return lines.filter(Boolean).join(' ').replace(LONE_SURROGATE, '\ufffd');
}

function bounded(text: string): string {
  if (text.length > MAX_TEXT_LENGTH) throw textTooLong({ length: text.length, limit: MAX_TEXT_LENGTH });
  if (BLANK.test(text)) throw textEmpty();
  return text;
}

/** Shares no helper, partial or decorator with anything else in the process; `if` and `unless` are all it knows. */
function createEnvironment(): typeof Handlebars {
  const environment = Handlebars.create();
  for (const helper of ['each', 'with', 'log', 'lookup']) environment.unregisterHelper(helper);
  environment.unregisterDecorator('inline');
  return environment;
}
