import type { WriteStream } from 'node:tty';
import type { Bilingual } from './bilingual';
import { wrapWords } from './vietnamese-format';

const ERASE_LINE = '\r\u001B[2K';
/** Of a pipe, a file, and a terminal that does not know its own. */
const USUAL_COLUMNS = 80;

/** Where the demo talks to people: standard output, or standard error where standard output is for a program. */
export class Screen {
  /** Whether a line can be drawn over. */
  readonly isTerminal: boolean;
  private readonly out: NodeJS.WriteStream;
  private isDrawing = false;
  private isSilent = false;

  constructor(options: { json: boolean }) {
    this.out = options.json ? process.stderr : process.stdout;
    this.isTerminal = !options.json && process.stdout.isTTY;
    // A reader that went away (`| head`) is no reason to leave a service half stopped.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  }

  /** How wide a line may be; read anew each time, since windows are resized. */
  get columns(): number {
    return (this.out as WriteStream).columns || USUAL_COLUMNS;
  }

  /** A sentence in Vietnamese, then in English, neither broken within a word. */
  say({ vi, en }: Bilingual): void {
    for (const text of [vi, en]) for (const part of wrapWords(text, this.columns)) this.line(part);
  }

  line(text = ''): void {
    if (this.isSilent) return;
    this.endRedraw();
    this.out.write(`${text}\n`);
  }

  /** Replaces the last such line. It has to fit: a line that wraps could not be erased. */
  redraw(text: string): void {
    if (this.isSilent) return;
    this.out.write(ERASE_LINE + text);
    this.isDrawing = true;
  }

  endRedraw(): void {
    if (this.isDrawing) this.out.write('\n');
    this.isDrawing = false;
  }

  /** Nothing more is shown: what the story was about to say when it was broken off. */
  silence(): void {
    this.endRedraw();
    this.isSilent = true;
  }
}

/** The one line for programs, written before the process may end. */
export function printForPrograms(value: unknown): Promise<void> {
  return new Promise((done) => process.stdout.write(`${JSON.stringify(value)}\n`, () => done()));
}
