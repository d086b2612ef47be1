import type { FieldFault } from '../platform/errors';
import { parseBody, positionOf } from './body-syntax';
import { asFieldFault, bodyEmpty, bodyFaults, bodyTooLong, type BodyFaultKind } from './template-faults';
import { type Format, FORMATTING_HELPERS, type FormattingHelper } from './template-helpers';

/** UTF-16 code units; a rendered text has its own bound, this one keeps parsing cheap. */
export const MAX_BODY_LENGTH = 4_000;
/** A variable: ASCII, so that no two spellings of it look the same (an NFD "họ" never equals an NFC one). */
const VARIABLE_NAME = /^[a-z][a-z0-9_]{0,39}$/;
/** Words of Handlebars, our own helpers, and the one name in this spelling that every JavaScript object already has. */
const RESERVED_NAMES = new Set([
  ...['if', 'unless', 'else', 'each', 'with', 'log', 'lookup', 'this', 'constructor'],
  ...FORMATTING_HELPERS.keys(),
]);
/** Characters shown on either side of a syntax error. */
const NEAR = 15;
const EXAMPLE = '{{ho_ten}}';
/** Half a surrogate pair included, which no database would store. */
const CONTROL_CHARACTER = /[\p{Cc}\p{Cs}\u2028\u2029]/gu;

const LINE_BREAK_OR_CONTROL = new RegExp(`\\r\\n|${CONTROL_CHARACTER.source}`, 'gu');

/** A body as what is written one after the other; which values are used depends on the branches taken. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly name: string; readonly format?: Format; readonly isPicky: boolean }
  | {
      readonly kind: 'choice';
      readonly name: string;
      readonly whenFilled: readonly Part[];
      readonly whenEmpty: readonly Part[];
    };

export interface BodyCheck {
  /** Everything wrong, in the order of the text; empty when the body may be compiled. */
  readonly faults: readonly FieldFault[];
  /** In order of first appearance; those in a condition included. */
  readonly variables: readonly string[];
  /** What to write; of no use while there are faults. */
  readonly parts: readonly Part[];
}

/** The body as it is stored and compiled: NFC, without blank space around it. */
export function normaliseBody(body: string): string {
  return body.normalize('NFC').trim();
}

export function isVariableName(name: string): boolean {
  return VARIABLE_NAME.test(name) && !RESERVED_NAMES.has(name);
}

/**
 * Decides whether a normalised body keeps to the small language of templates: text, `{{name}}`, `{{helper name}}` for the
 * few of {@link FORMATTING_HELPERS}, and the blocks `if` and `unless` on one variable each, with `else`. Whitespace
 * control (`{{~name~}}`) is allowed. Everything else Handlebars offers is refused here, because it hides text from the
 * approver or reaches beyond the values. The parts repeat what Handlebars would write; render.spec.ts compares the two.
 */
export function checkBody(body: string): BodyCheck {
  const nothing = { variables: [], parts: [] };
  if (body === '') return { ...nothing, faults: [asFieldFault('body', bodyEmpty())] };
  if (body.length > MAX_BODY_LENGTH) {
    return { ...nothing, faults: [asFieldFault('body', bodyTooLong({ length: body.length, limit: MAX_BODY_LENGTH }))] };
  }
  const walk = new BodyWalk(body);
  walk.scanCharacters();
  // Line breaks and the like are refused anyway; as blanks they let the rest be read.
  const { ast, stoppedAt } = parseBody(body.replace(CONTROL_CHARACTER, ' '));
  if (!ast) walk.stoppedAt(stoppedAt);
  const parts = walk.program(ast);
  return { faults: walk.inOrder(), variables: [...walk.variables], parts };
}

/** The package's own typing calls `original` strip flags; it is the text as written, `value` what `~` leaves of it. */
interface Content {
  readonly original: string;
  readonly value: string;
  readonly loc: hbs.AST.SourceLocation;
}

/** Walks one body once and collects what it finds; has no state beyond that walk. */
class BodyWalk {
  readonly variables = new Set<string>();
  private readonly found: { readonly at: number; readonly fault: FieldFault }[] = [];

  constructor(private readonly body: string) {}

  /** @param at index into the body. */
  refuse(kind: BodyFaultKind, at: number, params: Record<string, string> = {}): void {
    const place = { ...positionOf(this.body, at), example: EXAMPLE };
    this.found.push({ at, fault: asFieldFault('body', bodyFaults[kind]({ ...place, ...params })) });
  }

  inOrder(): FieldFault[] {
    return this.found.sort((a, b) => a.at - b.at).map(({ fault }) => fault);
  }

  /** What the parser would swallow or change without a word. */
  scanCharacters(): void {
    for (const { 0: character, index } of this.body.matchAll(LINE_BREAK_OR_CONTROL)) {
      const name = `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
      this.refuse('controlCharacter', index, { name });
    }
    for (const { index } of this.body.matchAll(/\\+(?=\{\{)/g)) this.refuse('escape', index);
  }

  stoppedAt(index: number): void {
    const near = this.body.slice(Math.max(0, index - NEAR), index + NEAR);
    this.refuse('syntax', index, { near });
  }

  program(program: hbs.AST.Program | undefined): Part[] {
    return (program?.body ?? []).flatMap((statement) => this.statement(statement));
  }

  private statement(statement: hbs.AST.Statement): Part[] {
    switch (statement.type) {
      case 'ContentStatement':
        return this.content(statement as unknown as Content);
      case 'MustacheStatement':
        return this.placeholder(statement as hbs.AST.MustacheStatement);
      case 'BlockStatement':
        return this.block(statement as hbs.AST.BlockStatement);
      case 'CommentStatement':
        this.refuse('comment', statement.loc.start.column);
        return [];
      default:
        this.refuse('construct', statement.loc.start.column);
        return [];
    }
  }

  private content({ original, value, loc }: Content): Part[] {
    const escaped = this.body[loc.start.column - 1] === '\\';
    for (const { 0: name, index } of escaped ? [] : original.matchAll(/[{}]+/g)) {
      this.refuse('brace', loc.start.column + index, { name });
    }
    return [{ kind: 'text', text: value }];
  }

  private placeholder(mustache: hbs.AST.MustacheStatement): Part[] {
    const { path, params, hash, loc } = mustache;
    const at = loc.start.column;
    const name = this.written(path);
    const helper = FORMATTING_HELPERS.get(name);
    const isCall = helper !== undefined || params.length > 0 || hash !== undefined;
    const [variable, format] = isCall ? [params[0], helper && formatOf(helper, mustache)] : [path, undefined];
    if (isCall && !helper) this.refuse('helper', at, { name });
    else if (!(mustache as { escaped?: boolean }).escaped) this.refuse('unescaped', at, { name });
    else if (!variable || (helper && !format)) this.refuse('helperArguments', at, { name, usage: helper!.usage });
    else if (this.variable(variable, isCall ? variable.loc.start.column : at)) {
      return [{ kind: 'value', name: this.written(variable), format, isPicky: helper?.isPicky ?? false }];
    }
    return [];
  }

  private block(block: hbs.AST.BlockStatement): Part[] {
    const at = block.loc.start.column;
    const helper = String(block.path.original);
    if (this.body.startsWith('{{{{', at)) {
      this.refuse('construct', at);
      return [];
    }
    const [argument] = block.params;
    const plain = block.params.length === 1 && !block.hash && !block.program?.blockParams;
    const formatting = FORMATTING_HELPERS.get(helper);
    if (formatting) this.refuse('helperArguments', at, { name: helper, usage: formatting.usage });
    else if (helper !== 'if' && helper !== 'unless') this.refuse('helper', at, { name: helper });
    else if (!block.program) this.refuse('invertedBlock', at);
    else if (!plain) this.refuse('blockArgument', at, { name: helper });
    else this.variable(argument!, argument!.loc.start.column);
    const inside = this.program(block.program);
    const otherwise = this.program(block.inverse);
    const name = String((argument as hbs.AST.PathExpression | undefined)?.original);
    const [whenFilled, whenEmpty] = helper === 'unless' ? [otherwise, inside] : [inside, otherwise];
    return [{ kind: 'choice', name, whenFilled, whenEmpty }];
  }

  /** Notes a plain variable; `a.b`, `../a`, `@root`, `this.a`, `[a]`, literals and calls are none. */
  private variable(expression: hbs.AST.Expression, at: number): boolean {
    const path = expression as hbs.AST.PathExpression;
    const name = String(path.original);
    const isPath = path.type === 'PathExpression';
    const plain = isPath && !path.data && path.depth === 0 && path.parts.length === 1;
    if (!plain || path.parts[0] !== name || !isVariableName(name) || this.isBracketed(path)) {
      this.refuse('placeholderName', at, { name: isPath ? name : this.written(path) });
      return false;
    }
    this.variables.add(name);
    return true;
  }

  private written({ loc }: hbs.AST.Node): string {
    return this.body.slice(loc.start.column, loc.end.column);
  }

  /** The parser gives `[a]` and `a` the same name; the two must not look different in the body. */
  private isBracketed({ loc }: hbs.AST.PathExpression): boolean {
    return this.body[loc.start.column] === '[';
  }
}

/** What a call asks for; undefined unless it is one variable and at most a known style. */
function formatOf(
  { format, styles }: FormattingHelper,
  { params, hash }: hbs.AST.MustacheStatement,
): Format | undefined {
  const [variable, style, ...more] = params;
  if (!variable || variable.type === 'SubExpression' || hash || more.length > 0) return undefined;
  if (!style) return format;
  return style.type === 'StringLiteral' ? styles?.get((style as hbs.AST.StringLiteral).value) : undefined;
}
