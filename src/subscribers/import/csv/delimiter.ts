/** Excel writes the first of these in Vietnam, where the comma is the decimal sign. */
const DELIMITERS = [';', '\t', ','] as const;
type Delimiter = (typeof DELIMITERS)[number];

const SAMPLE_RECORDS = 50;
const HOLDS_NUMBER = /\d(?:[ .-]?\d){6}/;
const SEP_LINE = /^"?sep=(.)"?(?:\r\n|\r|\n|$)/i;

/** The first line by which Excel is told the delimiter. It is no row: Excel does not show it. */
interface SepLine {
  readonly delimiter: string;
  /** Characters, line end included. */
  readonly length: number;
}

export function sepLine(text: string): SepLine | undefined {
  const found = SEP_LINE.exec(text);
  return found ? { delimiter: found[1]!, length: found[0].length } : undefined;
}

/**
 * The delimiter of a text table, by the beginning of its text: the one that divides most records into the same number
 * of columns, and if two do, the one that makes more columns.
 *
 * A sign that stands only in lines with phone numbers divides nothing: it is somebody's second number in a file of one
 * column, which must stay in its cell to be refused there. Then the tab is returned, so that no line is divided.
 *
 * @param wholeFile whether the text ends where the file ends; otherwise its last record is left out
 */
export function findDelimiter(text: string, wholeFile: boolean): Delimiter {
  const candidates = DELIMITERS.map((delimiter) => ({ delimiter, ...measure(text, delimiter, wholeFile) }));
  const best = candidates
    .filter(({ agreeing }) => agreeing > 0)
    .sort((a, b) => b.share - a.share || b.columns - a.columns)[0];
  return best?.delimiter ?? '\t';
}

function measure(text: string, delimiter: string, wholeFile: boolean) {
  const records = splitRecords(text, delimiter);
  if (!wholeFile && records.length > 1) records.pop();
  const filled = records.filter(({ content }) => content.trim() !== '').slice(0, SAMPLE_RECORDS);
  const recordsByColumns = new Map<number, number>();
  for (const { columns } of filled) recordsByColumns.set(columns, (recordsByColumns.get(columns) ?? 0) + 1);
  recordsByColumns.delete(1);
  const dividesTitles = filled.some(({ columns, content }) => columns > 1 && !HOLDS_NUMBER.test(content));
  // A list without titles: a second number in a cell makes two columns here and there, never three in every row.
  const [width = 0] = recordsByColumns.keys();
  const dividesAll = width > 2 && recordsByColumns.get(width) === filled.length;
  if (recordsByColumns.size === 0 || !(dividesTitles || dividesAll)) return { agreeing: 0, share: 0, columns: 1 };
  const [columns, agreeing] = [...recordsByColumns].reduce((a, b) => (b[1] > a[1] ? b : a));
  return { agreeing, share: agreeing / filled.length, columns };
}

/** Records of a text with the number of columns of each: delimiters and line ends between quotation marks do not count. */
function splitRecords(text: string, delimiter: string): { columns: number; content: string }[] {
  const records: { columns: number; content: string }[] = [];
  let start = 0;
  let columns = 1;
  let quoted = false;
  let atCellStart = true;
  for (let at = 0; at < text.length && records.length <= SAMPLE_RECORDS * 2; at += 1) {
    const char = text[at];
    if (char === '"' && quoted && text[at + 1] === '"') {
      at += 1;
    } else if (char === '"' && (quoted || atCellStart)) {
      quoted = !quoted;
    } else if (!quoted && (char === '\n' || char === '\r')) {
      records.push({ columns, content: text.slice(start, at) });
      start = at + 1;
      columns = 1;
    } else if (!quoted && char === delimiter) {
      columns += 1;
    }
    atCellStart = !quoted && (char === delimiter || char === '\n' || char === '\r');
  }
  records.push({ columns, content: text.slice(start) });
  return records;
}
