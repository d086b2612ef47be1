import { once } from 'node:events';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { damagedWorkbook, tooHeavyWorkbook } from '../read-faults';
import type { XlsAnswer, XlsContents, XlsFile, XlsQuestion } from './xls-messages';
import type { SheetInfo } from './workbook-sheet';

/** What the thread may take: a full sheet of 65,536 rows with ten columns needs some 400 MB and ten seconds. */
const MAX_HEAP_MB = 512;
const MAX_MS_PER_ANSWER = 120_000;
/** The tests run the TypeScript in place, which the thread must be taught, too. */
const TYPESCRIPT = extname(__filename) === '.ts';
const TEACH = TYPESCRIPT ? ['--require', join(__dirname, '../../../../scripts/register.cjs')] : [];

/**
 * A thread that reads one .xls with limited memory and time. It gets no environment: no secret is within its reach.
 *
 * @throws tooHeavyWorkbook, damagedWorkbook
 */
export class XlsWorker {
  private readonly worker: Worker;
  private failure: unknown;

  private constructor(
    workerData: XlsFile,
    maxHeapMb: number,
    private readonly maxMs: number,
  ) {
    this.worker = new Worker(join(__dirname, `xls-worker.main${extname(__filename)}`), {
      workerData,
      env: {},
      execArgv: TEACH,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    });
    // The library writes about odd records there, one line each; nobody reads it.
    this.worker.stdout.resume();
    this.worker.stderr.resume();
    this.worker.on('error', (error) => (this.failure = error));
  }

  /** @returns the worker and the tables of the file; the worker must be closed, unless this throws */
  static async start(file: XlsFile, { maxHeapMb = MAX_HEAP_MB, maxMs = MAX_MS_PER_ANSWER } = {}) {
    const worker = new XlsWorker(file, maxHeapMb, maxMs);
    try {
      const contents = await worker.next<XlsContents>();
      if ('damaged' in contents) throw damagedWorkbook();
      return { worker, sheets: contents.sheets as readonly SheetInfo[] };
    } catch (error) {
      await worker.close();
      throw error;
    }
  }

  async ask(question: XlsQuestion): Promise<XlsAnswer> {
    this.worker.postMessage(question);
    return this.next<XlsAnswer>();
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private async next<Message>(): Promise<Message> {
    if (this.failure) throw asFault(this.failure);
    try {
      const [message] = await once(this.worker, 'message', { signal: AbortSignal.timeout(this.maxMs) });
      return message as Message;
    } catch (error) {
      throw asFault(error);
    }
  }
}

/** A limit that the file ran into is its fault; anything else is ours. */
function asFault(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ABORT_ERR' || code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooHeavyWorkbook() : error;
}
