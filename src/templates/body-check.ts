import type { FieldFault } from '../platform/errors';
import { parseBody, positionOf } from './body-syntax';
import { asFieldFault, bodyEmpty, bodyFaults, bodyTooLong, type BodyFaultKind } from './template-faults';

/** UTF-16 code units; a rendered text has its own bound, this one keeps parsing cheap. */
export const MAX_BODY_LENGTH = 4_000;
/** A variable: ASCII, so that no two spellings of it look the same (an NFD "họ" never equals an NFC one). */
const VARIABLE_NAME = /^[a-z][a-z0-9_]{0,39}$/;
/** Words of Handlebars, and the one name in this spelling that every JavaScript object already has. */
const RESERVED_NAMES = new Set(['if', 'unless', 'else', 'each', 'with', 'log', 'lookup', 'this', 'constructor']);
/** Characters shown on either side of a syntax error. */
const NEAR = 15;
const EXAMPLE = '{{ho_ten}}';
/** Half a surrogate pair included, which no database would store. */
const CONTROL_CHARACTER = /[\p{Cc}\p{Cs}\u2028\u2029]/gu;

const LINE_BREAK_OR_CONTROL = new RegExp(`\\r\\n|${CONTROL_CHARACTER.source}`, 'gu');

/** What a text needs, as a tree of its own: which values are used depends on the branches taken. */
export type Need =
  | { readonly kind: 'value'; readonly name: string }
  | {
      readonly kind: 'choice';
      readonly name: string;
      readonly whenFilled: readonly Need[];
      readonly whenEmpty: readonly Need[];
    };

export interface BodyCheck {
  /** Everything wrong, in the order of the text; empty when the body may be compiled. */
  readonly faults: readonly FieldFault[];
  /** In order of first appearance; those in a condition included. */
  readonly variables: readonly string[];
  readonly needs: readonly Need[];
  /** Absent when the body cannot even be parsed. */
  readonly ast?: hbs.AST.Program;
}

/** The body as it is stored and compiled: NFC, without blank space around it. */
export function normaliseBody(body: string): string {
  return body.normalize('NFC').trim();
}

export function isVariableName(name: string): boolean {
  return VARIABLE_NAME.test(name) && !RESERVED_NAMES.has(name);
}

/**
 * Decides whether a normalised body keeps to the small language of templates: text, `{{name}}`, and the blocks `if` and
 * `unless` on one variable each, with `else`. Whitespace control (`{{~name~}}`) is allowed. Everything else Handlebars
 * offers is refused here, before it is compiled, because it hides text from the approver or reaches beyond the values.
 */
export function checkBody(body: string): BodyCheck {
  const nothing = { variables: [], needs: [] };
  if (body === '') return { ...nothing, faults: [asFieldFault('body', bodyEmpty())] };
  if (body.length > MAX_BODY_LENGTH) {
    return { ...nothing, faults: [asFieldFault('body', bodyTooLong({ length: body.length, limit: MAX_BODY_LENGTH }))] };
  }
  const walk = new BodyWalk(body);
  walk.scanCharacters();
  // Line breaks and the like are refused anyway; as blanks they let the rest be read.
  const { ast, stoppedAt } = parseBody(body.replace(CONTROL_CHARACTER, ' '));
  if (!ast) walk.stoppedAt(stoppedAt);
  const needs = walk.program(ast);
  return { faults: walk.inOrder(), variables: [...walk.variables], needs, ...(ast && { ast }) };
}

/** The package's own typing calls `original` strip flags; it is the text as written. */
interface Content {
  readonly original: string;
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

  program(program: hbs.AST.Program | undefined): Need[] {
    return (program?.body ?? []).flatMap((statement) => this.statement(statement));
  }

  private statement(statement: hbs.AST.Statement): Need[] {
    switch (statement.type) {
      case 'ContentStatement':
        this.content(statement as unknown as Content);
        return [];
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

  private content({ original, loc }: Content): void {
    const escaped = this.body[loc.start.column - 1] === '\\';
    if (escaped) return;
    for (const { 0: name, index } of original.matchAll(/[{}]+/g)) {
      this.refuse('brace', loc.start.column + index, { name });
    }
  }

  private placeholder(mustache: hbs.AST.MustacheStatement): Need[] {
    const name = String((mustache.path as hbs.AST.PathExpression).original);
    if (mustache.params.length > 0 || mustache.hash) this.refuse('helper', mustache.loc.start.column, { name });
    else if (!(mustache as { escaped?: boolean }).escaped)
      this.refuse('unescaped', mustache.loc.start.column, { name });
    else if (this.variable(mustache.path, mustache.loc.start.column)) return [{ kind: 'value', name }];
    return [];
  }

  private block(block: hbs.AST.BlockStatement): Need[] {
    const at = block.loc.start.column;
    const helper = String(block.path.original);
    if (this.body.startsWith('{{{{', at)) {
      this.refuse('construct', at);
      return [];
    }
    const [argument] = block.params;
    const plain = block.params.length === 1 && !block.hash && !block.program?.blockParams;
    if (helper !== 'if' && helper !== 'unless') this.refuse('helper', at, { name: helper });
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
