import { spawn } from 'node:child_process';

/** The spawn options that switch to another account; empty where the process already is that account. */
export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/**
 * What PostgreSQL's programs get of our environment: no secret of the service, no PG* variable that would change their
 * minds, no language or time zone of whoever starts the service, so that every folder is made alike.
 */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

/**
 * Runs a program to its end, with `/` as its folder (ours may be closed to its account) and an inherited descriptor 3
 * where one is given.
 *
 * @throws the system's error (code ENOENT, EACCES, EPERM) when the program cannot be started at all
 */
export function runCommand(
  file: string,
  args: readonly string[],
  options: { readonly identity?: Identity; readonly timeoutMs: number; readonly fd3?: number },
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      ...options.identity,
      cwd: '/',
      env: serverEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe', ...(options.fd3 === undefined ? [] : [options.fd3])],
    });
    const output = { stdout: '', stderr: '' };
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGTERM');
    }, options.timeoutMs);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, ...output, timedOut });
    });
  });
}
