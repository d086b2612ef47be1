import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { damagedWorkbook, tooHeavyWorkbook } from '../read-faults';
import type { SheetInfo } from './workbook-sheet';
import type { XlsAnswer, XlsContents, XlsFile, XlsQuestion } from './xls-messages';

/** What the process may take: a full sheet of 65,536 rows with ten columns needs some 400 MB and ten seconds. */
const MAX_HEAP_MB = 512;
const MAX_MS_PER_ANSWER = 120_000;
/** The tests run the TypeScript in place, which the process must be taught, too. */
const EXTENSION = extname(__filename);
const TEACH = EXTENSION === '.ts' ? ['--require', join(__dirname, '../../../../scripts/register.cjs')] : [];

type Message = XlsContents | XlsAnswer;

/**
 * A process that reads one .xls with limited memory and time. It gets no environment: no secret is within its reach.
 *
 * @throws tooHeavyWorkbook, damagedWorkbook
 */
export class XlsProcess {
  private readonly child: ChildProcess;
  /** Why there will be no further answer. */
  private end: Promise<never>;

  private constructor(
    maxHeapMb: number,
    private readonly maxMs: number,
  ) {
    this.child = fork(join(__dirname, `read-xls.main${EXTENSION}`), [], {
      env: {},
      execArgv: [`--max-old-space-size=${maxHeapMb}`, ...TEACH],
      serialization: 'advanced',
      // The library writes about odd records, one line each; nobody reads it.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.end = new Promise((_, reject) => {
      this.child.once('error', reject);
      this.child.once('exit', (code, signal) => reject(endFault(code, signal)));
    });
    this.end.catch(() => undefined); // whoever waits for an answer is told
  }

  /** @returns the process and the tables of the file; the process must be closed, unless this throws */
  static async start(file: XlsFile, { maxHeapMb = MAX_HEAP_MB, maxMs = MAX_MS_PER_ANSWER } = {}) {
    const reader = new XlsProcess(maxHeapMb, maxMs);
    try {
      const contents = (await reader.send(file)) as XlsContents;
      if ('damaged' in contents) throw damagedWorkbook();
      return { reader, sheets: contents.sheets as readonly SheetInfo[] };
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  async ask(question: XlsQuestion): Promise<XlsAnswer> {
    return (await this.send(question)) as XlsAnswer;
  }

  async close(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.end.catch(() => undefined);
  }

  private async send(message: XlsFile | XlsQuestion): Promise<Message> {
    const waiting = new AbortController();
    const late = setTimeout(() => this.child.kill('SIGKILL'), this.maxMs);
    const answer = once(this.child, 'message', { signal: waiting.signal });
    try {
      // What it could not be sent to has ended, which is told by its end.
      this.child.send(message, () => undefined);
      const [received] = (await Promise.race([answer, this.end])) as [Message];
      return received;
    } finally {
      clearTimeout(late);
      waiting.abort();
      answer.catch(() => undefined);
    }
  }
}

/** Out of memory it ends by a signal, out of time by ours; any other end is a fault of the program. */
function endFault(code: number | null, signal: NodeJS.Signals | null): Error {
  return signal ? tooHeavyWorkbook() : new Error(`the process that reads .xls ended with code ${code}`);
}
