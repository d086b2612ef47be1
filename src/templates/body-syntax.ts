import Handlebars from 'handlebars';

/** A place in a body as people count: both from 1, columns in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type ParsedBody =
  | { readonly ast: hbs.AST.Program; readonly stoppedAt?: undefined }
  | { readonly ast?: undefined; readonly stoppedAt: number };

/**
 * The syntax tree of a body of one line, or the index at which the parser could not go on. As there is only one line,
 * every column of the tree is an index into the body.
 */
export function parseBody(line: string): ParsedBody {
  try {
    // Blocks keep the space around them: what stands in the body is what is sent.
    return { ast: Handlebars.parse(line, { ignoreStandalone: true }) };
  } catch (error) {
    return { stoppedAt: syntaxErrorIndex(line, error as Error & { column?: number }) };
  }
}

/**
 * Where parsing stopped. A mismatched block carries its column; any other error only shows up to 20 characters before
 * and after the place, above a dashed line as long as what comes before.
 */
function syntaxErrorIndex(line: string, error: Error & { column?: number }): number {
  if (error.column !== undefined) return error.column;
  const [, shown = '', caret = '^'] = error.message.split('\n');
  const excerpt = shown.replace(/^\.\.\./, '').replace(/\.\.\.$/, '');
  const before = caret.indexOf('^') - (shown.startsWith('...') ? 3 : 0);
  const atEnd = error.message.endsWith("got 'EOF'");
  const start = atEnd ? line.length - excerpt.length : line.indexOf(excerpt);
  return Math.min(Math.max(start, 0) + before, line.length);
}

export function positionOf(body: string, index: number): Position {
  const lines = body.slice(0, index).split(/\r\n?|\n/);
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}
