import { readSync } from 'node:fs';

const BLOCK_BYTES = 1024 * 1024;

/**
 * Reads a file of ASCII lines from its beginning, whatever its size, in blocks of 1 MiB.
 *
 * @returns the bytes up to the end of the last whole line. What follows was torn by a crash while it was written.
 */
export function readWholeLines(descriptor: number, onLine: (line: string, index: number) => void): number {
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  let rest = '';
  let position = 0;
  let index = 0;
  for (;;) {
    const read = readSync(descriptor, block, 0, BLOCK_BYTES, position);
    if (read === 0) return position - rest.length;
    position += read;
    const lines = (rest + block.toString('latin1', 0, read)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line, index++);
  }
}
