import { PassThrough } from 'node:stream';
import { askPassword } from './ask-password';

/** A terminal on which these keys are pressed; what would be seen on it is collected. */
function terminalWith(keys: string) {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
  const seen: string[] = [];
  const output = new PassThrough().on('data', (chunk: Buffer) => seen.push(chunk.toString()));
  input.write(keys);
  return { input: input as unknown as NodeJS.ReadStream, output, seen };
}

describe('asking for a password', () => {
  it('asks twice on a terminal and shows nothing of it', async () => {
    const { input, output, seen } = terminalWith('mật khẩux\u007f dài\rmật khẩu dài\r');
    expect(await askPassword(input, output)).toBe('mật khẩu dài');
    expect(seen.join('')).toBe('Mật khẩu / Password: \nNhập lại / Once more: \n');
  });

  it('refuses two that differ', async () => {
    const { input, output } = terminalWith('mật khẩu dài\rmật khẩu dàj\r');
    await expect(askPassword(input, output)).rejects.toMatchObject({ code: 'password.differs' });
  });

  it('stops at Ctrl-C', async () => {
    const { input, output } = terminalWith('mật\u0003');
    await expect(askPassword(input, output)).rejects.toMatchObject({ code: 'password.not-given' });
  });

  it('takes the first line of a pipe', async () => {
    const input = new PassThrough();
    input.end('mật khẩu dài \r\nwhat follows\n');
    expect(await askPassword(input as unknown as NodeJS.ReadStream, new PassThrough())).toBe('mật khẩu dài ');
  });

  it('refuses an empty pipe', async () => {
    const input = new PassThrough();
    input.end();
    const asked = askPassword(input as unknown as NodeJS.ReadStream, new PassThrough());
    await expect(asked).rejects.toMatchObject({ code: 'password.not-given' });
  });
});
