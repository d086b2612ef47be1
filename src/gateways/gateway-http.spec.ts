import { ChildProcess, spawn } from 'node:child_process';
import { createServer, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayHttp } from './gateway-http';

const SOCKETS = 20;
let server: Server | undefined;
let http: GatewayHttp;
let connections: Set<Socket>;
let opened: number;
let requests: number;

/** @param says the header by which a server tells how long it keeps an idle connection; undefined: it does not tell */
async function start(idleMs: number, says?: string): Promise<void> {
  const idle = new Map<Socket, NodeJS.Timeout>();
  const opening = createServer((request, response) => {
    requests++;
    const { socket } = request;
    clearTimeout(idle.get(socket));
    request.resume().on('end', () => response.writeHead(200, says ? { 'keep-alive': says } : {}).end('{}'));
    response.on('finish', () =>
      idle.set(
        socket,
        setTimeout(() => closeFarAway(socket), idleMs),
      ),
    );
  });
  server = opening;
  // Node would say by itself when it closes; ours says what the test tells it to.
  opening.keepAliveTimeout = 0;
  opening.on('connection', (socket) => {
    opened++;
    connections.add(socket);
    socket.on('close', () => {
      connections.delete(socket);
      clearTimeout(idle.get(socket));
    });
  });
  await new Promise<void>((resolve) => opening.listen(0, '127.0.0.1', resolve));
  open((opening.address() as AddressInfo).port);
}

function open(port: number): void {
  http = new GatewayHttp({ baseUrl: `http://127.0.0.1:${port}`, sockets: SOCKETS, timeoutMs: 5_000 });
}

/** As over a long way: we learn of it a tenth of a second later, and what is written meanwhile is met by a reset. */
function closeFarAway(socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), 100);
  socket.on('data', () => {
    clearTimeout(timer);
    socket.resetAndDestroy();
  });
}

const postAll = async (count = SOCKETS): Promise<string[]> => {
  const exchanges = await Promise.all(Array.from({ length: count }, () => http.post('/', [], '{}')));
  return [...new Set(exchanges.map(({ kind }) => kind))];
};

beforeEach(() => {
  connections = new Set();
  [opened, requests] = [0, 0];
});
afterEach(async () => {
  await http.close();
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

describe('Connections to a gateway', () => {
  it('are reused while texts go out, and are never more than permitted', async () => {
    await start(60_000);
    for (let round = 0; round < 30; round++) expect(await postAll()).toEqual(['answered']);
    expect(requests).toBe(30 * SOCKETS);
    expect(opened).toBe(SOCKETS);
  });

  it.each([
    ['2 s and does not say so', 2_000, undefined],
    ['5 s and says so', 5_000, 'timeout=5'],
  ])('are closed by us before a server does that closes idle ones after %s', async (_when, idleMs, says) => {
    await start(idleMs, says);
    expect(await postAll()).toEqual(['answered']);
    await sleep(idleMs - 250);
    expect(connections.size).toBe(0);
  });

  it('are not kept at all where a server closes idle ones at once', async () => {
    await start(60_000, 'timeout=1');
    expect(await postAll()).toEqual(['answered']);
    await sleep(200);
    expect(connections.size).toBe(0);
  });

  it('cost no text its outcome, at whatever moment the server closes idle ones', async () => {
    await start(2_000);
    // Around the moment when either side closes: after 1.2 s we do, after 2 s the server would.
    for (const pauseMs of [1_150, 1_190, 1_200, 1_210, 1_250, 1_990, 2_020, 2_050]) {
      await postAll();
      await sleep(pauseMs);
      expect(await postAll()).toEqual(['answered']);
    }
  }, 40_000);

  it('cost no text its outcome when this process stood still while the server closed them', async () => {
    const { child, port } = await serverProcess(300);
    open(port);
    expect(await postAll()).toEqual(['answered']);
    // As after SIGSTOP or a long collection of garbage: the end of each connection lies unread in our sockets.
    const until = performance.now() + 800;
    while (performance.now() < until);
    expect(await postAll()).toEqual(['answered']);
    child.kill();
  });
});

/** A server in its own process, which goes on while this one stands still. */
async function serverProcess(idleMs: number): Promise<{ child: ChildProcess; port: number }> {
  const script = `const server = require('node:http').createServer((request, response) =>
      request.resume().on('end', () => response.end('{}')));
    server.keepAliveTimeout = 0;
    server.on('connection', (socket) => socket.setTimeout(${idleMs}, () => socket.destroy()));
    server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve) => child.stdout.once('data', (line) => resolve(Number(line))));
  return { child, port };
}
