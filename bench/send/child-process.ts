import { ChildProcess, fork } from 'node:child_process';
import { resolve } from 'node:path';

const REGISTER = resolve(__dirname, '../../scripts/register.cjs');

/** A script of this folder in a process of its own, which answers each message with one. */
export class Child {
  private constructor(private readonly child: ChildProcess) {}

  /** @param script its file name in `bench/`; TypeScript, run in place */
  static start(script: string): Child {
    const { PATH, HOME, TMPDIR } = process.env;
    const options = { execArgv: ['-r', REGISTER], env: { PATH, HOME, TMPDIR } };
    return new Child(fork(resolve(__dirname, '..', script), [], options));
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** @throws when it answers with an error, or ends without an answer */
  ask<Reply extends { error?: string }>(message: object): Promise<Reply> {
    return new Promise((resolveReply, reject) => {
      const onExit = (code: number | null): void => reject(new Error(`a process of the bench ended with ${code}`));
      this.child.once('exit', onExit);
      this.child.once('message', (reply: Reply) => {
        this.child.off('exit', onExit);
        if (reply.error === undefined) resolveReply(reply);
        else reject(new Error(reply.error));
      });
      this.child.send(message);
    });
  }

  /** Without an answer. */
  tell(message: object): void {
    this.child.send(message);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.disconnect();
    await ended;
  }
}
