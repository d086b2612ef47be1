import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** All that runs; none of it outlives this process, whatever happens to it. */
const running = new Set<OwnProcess>();
process.once('exit', () => running.forEach((one) => one.endAtOnce()));

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** What it writes goes here. */
  readonly log: string;
  readonly identity?: { readonly uid?: number; readonly gid?: number };
  readonly cwd?: string;
  /** Each line of its standard output, which then is not in the log. */
  readonly onOutput?: (text: string) => void;
  /** The signal that ends it when nothing else may be waited for. */
  readonly lastSignal?: NodeJS.Signals;
}

/** A process of ours. States: running -> ended. */
export class OwnProcess {
  readonly ended: Promise<void>;
  private hasEnded = false;
  private readonly child: ChildProcess;

  constructor(private readonly program: Program) {
    const { file, args, env, identity, cwd, log, onOutput } = program;
    const output = openSync(log, 'a');
    const { PATH, HOME, TMPDIR } = process.env;
    this.child = spawn(file, args, {
      ...identity,
      cwd,
      env: { PATH, HOME, TMPDIR, ...env },
      stdio: ['pipe', onOutput ? 'pipe' : output, output],
    });
    closeSync(output);
    // Told to a process that has just ended.
    this.child.stdin!.on('error', () => undefined);
    if (onOutput) this.child.stdout!.setEncoding('utf8').on('data', onOutput);
    running.add(this);
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.hasEnded = true;
        running.delete(this);
        resolve();
      };
      this.child.once('exit', end).once('error', end);
    });
  }

  get isRunning(): boolean {
    return !this.hasEnded;
  }

  get exitCode(): number | null {
    return this.child.exitCode;
  }

  /** By standard input, which in-instance.cjs reads. */
  tell(line: string): void {
    this.child.stdin!.write(`${line}\n`);
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.hasEnded) this.child.kill(signal);
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    this.signal(signal);
    await this.ended;
  }

  endAtOnce(): void {
    this.signal('SIGCONT');
    this.signal(this.program.lastSignal ?? 'SIGKILL');
  }
}
