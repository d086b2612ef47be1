import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { Writable } from 'node:stream';
import { fault } from '../platform/errors';

export const passwordsDiffer = fault(
  'invalid',
  'password.differs',
  { vi: 'Hai lần nhập mật khẩu không giống nhau.', en: 'The two passwords are not the same.' },
  'password',
);
export const passwordNotGiven = fault(
  'invalid',
  'password.not-given',
  {
    vi: 'Chưa nhập mật khẩu. Hãy nhập, gửi qua đầu vào chuẩn, hoặc dùng --generate.',
    en: 'No password was given. Type one, send it on standard input, or use --generate.',
  },
  'password',
);

/** Asks twice on a terminal; from a pipe it takes the first line. */
export async function askPassword(input: NodeJS.ReadStream, output: NodeJS.WritableStream): Promise<string> {
  const password = input.isTTY ? await askTwice(input, output) : firstLine(await text(input));
  if (password === '') throw passwordNotGiven();
  return password;
}

function firstLine(whole: string): string {
  return whole.split(/\r?\n/, 1)[0]!;
}

/** readline edits the line as usual, but what it would echo goes nowhere. */
async function askTwice(input: NodeJS.ReadStream, output: NodeJS.WritableStream): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  // Kept for both questions: it holds back a second line that was pasted together with the first.
  const lines = terminal[Symbol.asyncIterator]();
  const ask = async (question: string): Promise<string> => {
    output.write(question);
    const { value, done } = await lines.next();
    output.write('\n');
    // Ctrl-C or Ctrl-D.
    if (done) throw passwordNotGiven();
    return value;
  };
  try {
    const first = await ask('Mật khẩu / Password: ');
    if (first !== (await ask('Nhập lại / Once more: '))) throw passwordsDiffer();
    return first;
  } finally {
    terminal.close();
  }
}
