import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Gateway, Receipt, ReceiptRequest } from '../../src/gateways';
import { MESSAGE, SentText, TIMEOUT_MS } from './contract-message';
import { itKeepsTheContractOfLists, ListSubject } from './list-contract';
import { itKeepsTheContractOfLookUps, LookUpSubject } from './look-up-contract';
import { answer, drop, hang, resetMidAnswer, ScriptedPeer, SeenRequest, Treatment, trickle } from './scripted-peer';

/** What differs between gateways; everything else they owe alike. */
export interface ContractSubject {
  open(baseUrl: string, limits: { sockets: number; timeoutMs: number }): Promise<Gateway>;
  /** How the gateway's own server accepts a text, and the id it gives. */
  readonly accepts: { readonly treatment: Treatment; readonly id: string };
  readonly refuses: { readonly treatment: Treatment; readonly code: string };
  readonly optedOut: { readonly treatment: Treatment; readonly code: string };
  readonly throttles: (retryAfterSeconds: number) => { readonly treatment: Treatment; readonly code: string };
  /** What a request carried, with the reference wherever the gateway keeps it. */
  read(request: SeenRequest): SentText;
  readonly receipts: {
    readonly good: { readonly request: ReceiptRequest; readonly receipt: Receipt };
    readonly forged: readonly ReceiptRequest[];
    readonly unreadable: readonly ReceiptRequest[];
  };
  /** Only where the gateway takes lists. */
  readonly lists?: ListSubject;
  /** Only where the gateway answers look-ups. */
  readonly lookUps?: LookUpSubject;
}

const jsonBreaksOff = '{"id": "SM';

/** The promises of the port `Gateway`, on real sockets. */
export function itKeepsTheGatewayContract(subject: ContractSubject): void {
  let peer: ScriptedPeer;
  let gateway: Gateway;

  const openAt = async (url: string, sockets = 4): Promise<Gateway> => {
    await gateway.close();
    gateway = await subject.open(url, { sockets, timeoutMs: TIMEOUT_MS });
    return gateway;
  };
  const sendTreated = (treatment: Treatment) => {
    peer.treat = treatment;
    return gateway.send(MESSAGE);
  };

  beforeEach(async () => {
    peer = await ScriptedPeer.start();
    gateway = await subject.open(peer.url, { sockets: 4, timeoutMs: TIMEOUT_MS });
  });
  afterEach(async () => {
    await gateway.close();
    await peer.stop();
  });

  describe('a text that the gateway takes', () => {
    it('is accepted under the id that the gateway gave it', async () => {
      const outcome = await sendTreated(subject.accepts.treatment);
      expect(outcome).toEqual({ kind: 'accepted', gatewayMessageId: subject.accepts.id });
    });

    it('arrives letter by letter, with number, sender and our reference', async () => {
      await sendTreated(subject.accepts.treatment);
      const { phone, sender, text } = MESSAGE;
      expect(peer.seen.map(subject.read)).toEqual([{ phone, sender, text, reference: '7.37400.2' }]);
    });

    it('leaves its connection open for the next ones', async () => {
      for (let n = 1; n <= 10; n++) await sendTreated(subject.accepts.treatment);
      expect(peer.seen).toHaveLength(10);
      expect(peer.connections).toBeLessThanOrEqual(2);
    });
  });

  describe('a text that the gateway refuses', () => {
    it('is rejected for good, with the code', async () => {
      const outcome = await sendTreated(subject.refuses.treatment);
      expect(outcome).toEqual({ kind: 'rejected', code: subject.refuses.code });
    });

    it('counts as opted out when the operator says so', async () => {
      const outcome = await sendTreated(subject.optedOut.treatment);
      expect(outcome).toEqual({ kind: 'optedOut', code: subject.optedOut.code });
    });
  });

  describe('a text that was surely not accepted is deferred', () => {
    it('when the gateway is throttling, not before the time it names', async () => {
      const { treatment, code } = subject.throttles(17);
      const outcome = await sendTreated(treatment);
      expect(outcome).toEqual({ kind: 'deferred', because: 'rate', code, retryAfterMs: 17_000 });
    });

    it('when the connection is refused', async () => {
      const { url } = peer;
      await peer.stop();
      const outcome = await (await openAt(url)).send(MESSAGE);
      expect(outcome).toEqual({ kind: 'deferred', because: 'unreachable', code: 'ECONNREFUSED' });
    });

    it('when the host is unknown', async () => {
      const outcome = await (await openAt('http://gateway.invalid')).send(MESSAGE);
      expect(outcome).toMatchObject({ kind: 'deferred', because: 'unreachable' });
    });

    it('when the TLS handshake does not finish', async () => {
      const mute = createTcpServer(() => undefined);
      const sockets = new Set<{ destroy(): void }>();
      mute.on('connection', (socket) => sockets.add(socket));
      await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
      const { port } = mute.address() as AddressInfo;
      const outcome = await (await openAt(`https://127.0.0.1:${port}`)).send(MESSAGE);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => mute.close(resolve));
      expect(outcome).toMatchObject({ kind: 'deferred', because: 'unreachable' });
    });

    it('when no connection became free in time, and it is not sent later either', async () => {
      await openAt(peer.url, 1);
      peer.treat = hang;
      const outcomes = await Promise.all([gateway.send(MESSAGE), gateway.send(MESSAGE)]);
      expect(outcomes.map(({ kind }) => kind)).toEqual(['unknown', 'deferred']);
      peer.treat = subject.accepts.treatment;
      await gateway.send(MESSAGE);
      expect(peer.seen).toHaveLength(2);
    });
  });

  describe('a text that may have been accepted is unknown, and is sent once only', () => {
    const doubts: [string, Treatment][] = [
      ['no answer comes in time', hang],
      ['the answer does not end in time', trickle],
      ['the connection is closed without an answer', drop],
      ['the connection is reset in the middle of the answer', resetMidAnswer(201)],
      ['a refusal is cut off in the middle', resetMidAnswer(400)],
      ['the acceptance is broken JSON', answer(201, jsonBreaksOff)],
      ['the acceptance names no id', answer(201, {})],
      ['the acceptance is empty', answer(202, '')],
      ['the acceptance is a page of 1 MB', answer(200, 'x'.repeat(1_000_000))],
      ['something on the way answers 502', answer(502, '<html>Bad Gateway</html>')],
      ['something on the way answers 504 in JSON', answer(504, { message: 'timeout' })],
      ['it is redirected', answer(307, '', { location: '/elsewhere' })],
    ];
    it.each(doubts)('when %s', async (_when, treatment) => {
      expect(await sendTreated(treatment)).toMatchObject({ kind: 'unknown' });
      expect(peer.seen).toHaveLength(1);
    });

    it('when a kept connection is reset under it', async () => {
      await sendTreated(subject.accepts.treatment);
      const outcome = await sendTreated((response) => response.socket?.resetAndDestroy());
      expect(outcome).toMatchObject({ kind: 'unknown' });
      expect(peer.seen).toHaveLength(2);
    });

    it('while the next one goes through', async () => {
      await sendTreated(drop);
      expect(await sendTreated(subject.accepts.treatment)).toMatchObject({ kind: 'accepted' });
    });
  });

  it('tells neither the number nor the text in any outcome', async () => {
    const echo: Treatment = (response, { body }) => answer(400, { code: 'x', message: body })(response, peer.seen[0]!);
    const outcomes = [await sendTreated(echo), await sendTreated(drop), await sendTreated(answer(201, MESSAGE.text))];
    for (const outcome of outcomes) expect(JSON.stringify(outcome)).not.toMatch(/912345678|bầu cử/);
  });

  it('takes lists and answers look-ups where it says so, and nowhere else', () => {
    const { largestBatch, lookUp } = gateway.capabilities;
    expect(gateway.sendBatch === undefined).toBe(largestBatch === null);
    expect(gateway.lookUp === undefined).toBe(lookUp === null);
    expect(subject.lookUps === undefined).toBe(lookUp === null);
  });

  if (subject.lists) itKeepsTheContractOfLists(subject.lists);
  if (subject.lookUps) itKeepsTheContractOfLookUps(subject, subject.lookUps);

  it('ends what is under way when it is closed', async () => {
    const sending = sendTreated(hang);
    while (peer.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await gateway.close();
    expect(await sending).toEqual({ kind: 'unknown', code: 'closed' });
  });

  describe('delivery receipts', () => {
    it('are read when the signature is right', () => {
      const { request, receipt } = subject.receipts.good;
      expect(gateway.parseReceipts(request)).toEqual([receipt]);
    });

    it('are refused when they are forged', () => {
      for (const request of subject.receipts.forged) {
        expect(() => gateway.parseReceipts(request)).toThrow('gateway.forged-receipt');
      }
    });

    it('are refused by name of the field when they cannot be read', () => {
      for (const request of subject.receipts.unreadable) {
        expect(() => gateway.parseReceipts(request)).toThrow('gateway.unreadable-receipt');
      }
    });
  });
}
