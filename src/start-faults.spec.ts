import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { fault } from './platform/errors';
import { startFault } from './start-faults';

const settings = { HOST: '127.0.0.1', PORT: 3000 };

describe('what stopped the start', () => {
  it('is a taken port, and the advice is another one', async () => {
    const first = createServer().listen(0, '127.0.0.1');
    await once(first, 'listening');
    const { port } = first.address() as { port: number };
    const [error] = (await once(createServer().listen(port, '127.0.0.1'), 'error')) as [Error];
    first.close();
    const found = startFault(error, { HOST: '127.0.0.1', PORT: port });
    expect(found?.code).toBe('start.port-taken');
    expect(found?.text.vi).toContain(`Cổng ${port} tại 127.0.0.1`);
    expect(found?.text.en).toContain('set another PORT');
  });

  it('is a server that does not answer, named by its address', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as { port: number };
    gone.close();
    await once(gone, 'close');
    const error = await new Promise((resolve) => connect(port, '127.0.0.1').once('error', resolve));
    expect(startFault(error, settings)?.text.en).toContain(`no connection to 127.0.0.1:${port}`);
  });

  it('is a data folder that is a file', async () => {
    const error = await mkdir(__filename, { recursive: true }).catch((reason: unknown) => reason);
    expect(startFault(error, settings)?.code).toBe('start.folder-unusable');
  });

  it.each([
    ['28P01', 'start.database-refuses'],
    ['28000', 'start.database-refuses'],
    ['3D000', 'start.database-missing'],
  ])("is PostgreSQL's refusal %s, without the name it was refused to", (code, expected) => {
    const error = Object.assign(new Error('password authentication failed for user "geheim"'), { code });
    const found = startFault(error, settings);
    expect(found?.code).toBe(expected);
    expect(JSON.stringify(found?.text)).not.toContain('geheim');
  });

  it('is a pooler that nobody said was there', () => {
    const error = Object.assign(new Error('unsupported startup parameter: options'), { code: '08P01' });
    expect(startFault(error, settings)?.text.en).toContain('Set DATABASE_DIRECT_URL');
  });

  it('is a fault as it was declared', () => {
    const declared = fault('invalid', 'some.fault', { vi: 'Sai.', en: 'Wrong.' })();
    expect(startFault(declared, settings)).toBe(declared);
  });

  it('is a bug when it is nothing of these, and keeps its stack', () => {
    expect(startFault(new TypeError('x is not a function'), settings)).toBeUndefined();
  });
});
