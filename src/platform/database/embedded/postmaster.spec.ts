import fc from 'fast-check';
import { parsePidFile, serverProcess } from './postmaster';

const RUNNING = [
  '4242',
  '/srv/tin luật/postgres/cluster',
  '1795000000',
  '39811',
  '',
  '127.0.0.1',
  ' 1 2',
  'ready   ',
  '',
];

describe('the file in which a server says what it is', () => {
  it('tells the process, the folder, the port and that the server is ready', () => {
    expect(parsePidFile(RUNNING.join('\n'))).toEqual({
      pid: 4242,
      dataDirectory: '/srv/tin luật/postgres/cluster',
      port: 39811,
      status: 'ready',
    });
  });

  it('takes a server that has not said how far it is for one that is starting', () => {
    expect(parsePidFile(`${RUNNING.slice(0, 5).join('\n')}\n`)).toMatchObject({ pid: 4242, status: 'starting' });
  });

  it('never takes a file that was cut short for a server of another number', () => {
    fc.assert(
      fc.property(fc.nat({ max: RUNNING.join('\n').length }), (length) => {
        const read = parsePidFile(RUNNING.join('\n').slice(0, length));
        expect(read === 'unreadable' || (read.pid === 4242 && read.port === 39811)).toBe(true);
      }),
    );
  });

  it('reads any text without failing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parsePidFile(text)).toBeDefined();
      }),
    );
  });

  it('does not take another process with the same number for the server', async () => {
    const ours = { pid: process.pid, dataDirectory: '/srv/postgres/cluster', port: 1, status: 'ready' } as const;
    expect(await serverProcess(ours)).toBe('stranger');
  });
});
