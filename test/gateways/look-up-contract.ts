import type { Gateway, LookUpAnswer } from '../../src/gateways';
import { MESSAGE, TIMEOUT_MS } from './contract-message';
import { answer, drop, hang, resetMidAnswer, ScriptedPeer, SeenRequest, Treatment } from './scripted-peer';

/** What differs between gateways that answer look-ups of {@link MESSAGE}. */
export interface LookUpSubject {
  /** It has the text, handed over at {@link HANDED_OVER_AT}, under this id. */
  readonly found: { readonly treatment: Treatment; readonly id: string };
  readonly absent: Treatment;
  /** Whether a question names the text it asks for. */
  asks(request: SeenRequest): boolean;
}

export const HANDED_OVER_AT = new Date('2021-05-20T01:00:00.250Z');

/** The promises of `Gateway.lookUp`, on real sockets. */
export function itKeepsTheContractOfLookUps(
  { open }: { open(baseUrl: string, limits: { sockets: number; timeoutMs: number }): Promise<Gateway> },
  subject: LookUpSubject,
): void {
  describe('a look-up', () => {
    let peer: ScriptedPeer;
    let gateway: Gateway;
    const lookUpTreated = (treatment: Treatment): Promise<LookUpAnswer> => {
      peer.treat = treatment;
      return gateway.lookUp!(MESSAGE, HANDED_OVER_AT);
    };

    beforeEach(async () => {
      peer = await ScriptedPeer.start();
      gateway = await open(peer.url, { sockets: 2, timeoutMs: TIMEOUT_MS });
    });
    afterEach(async () => {
      await gateway.close();
      await peer.stop();
    });

    it('finds a text that was taken, under the id that the gateway gave it', async () => {
      const found = await lookUpTreated(subject.found.treatment);
      expect(found).toEqual({ kind: 'accepted', gatewayMessageId: subject.found.id });
    });

    it('says so when the gateway knows of none', async () => {
      expect(await lookUpTreated(subject.absent)).toEqual({ kind: 'absent' });
    });

    it('asks for this text, and sends nothing', async () => {
      await lookUpTreated(subject.absent);
      expect(peer.seen.map(({ method }) => method)).toEqual(['GET']);
      expect(peer.seen.every((request) => subject.asks(request) && request.body === '')).toBe(true);
    });

    const doubts: [string, Treatment][] = [
      ['no answer comes in time', hang],
      ['the connection is closed without an answer', drop],
      ['the connection is reset in the middle of the answer', resetMidAnswer(200)],
      ['the answer is broken JSON', answer(200, '{"mess')],
      ['the answer is empty', answer(200, '')],
      ['the answer is about something else', answer(200, {})],
      ['the token is wrong', answer(401, { code: 20_003 })],
      ['the address is wrong', answer(404, '<html>Not Found</html>')],
      ['it comes too fast', answer(429, { code: 20_429 })],
      ['the gateway is out of order', answer(503, '<html>Service Unavailable</html>')],
      ['it is redirected', answer(302, '', { location: '/elsewhere' })],
    ];
    it.each(doubts)('proves nothing, and is asked once only, when %s', async (_when, treatment) => {
      expect(await lookUpTreated(treatment)).toMatchObject({ kind: 'inconclusive', code: expect.stringMatching(/./) });
      expect(peer.seen).toHaveLength(1);
    });

    it('proves nothing, and is asked once only, when a kept connection is reset under it', async () => {
      await lookUpTreated(subject.absent);
      const answered = await lookUpTreated((response) => response.socket?.resetAndDestroy());
      expect(answered).toMatchObject({ kind: 'inconclusive' });
      expect(peer.seen).toHaveLength(2);
    });

    it('proves nothing when there is no connection', async () => {
      await peer.stop();
      expect(await gateway.lookUp!(MESSAGE, HANDED_OVER_AT)).toEqual({ kind: 'inconclusive', code: 'ECONNREFUSED' });
      peer = await ScriptedPeer.start();
    });

    it('tells neither the number nor the text', async () => {
      const echo = answer(400, { code: 'x', message: `${MESSAGE.phone} ${MESSAGE.text}` });
      for (const treatment of [echo, answer(200, MESSAGE.text)]) {
        expect(JSON.stringify(await lookUpTreated(treatment))).not.toMatch(/912345678|bầu cử/);
      }
    });
  });
}
