import type { Gateway, OutgoingMessage, SendOutcome } from '../../src/gateways';
import { MESSAGE, SentText, TIMEOUT_MS } from './contract-message';
import { answer, drop, hang, resetMidAnswer, ScriptedPeer, SeenRequest, Treatment } from './scripted-peer';

/** What differs between gateways that take lists. */
export interface ListSubject {
  open(baseUrl: string, limits: { sockets: number; timeoutMs: number }): Promise<Gateway>;
  /** How the gateway's own server answers a list, text by text: accepted under this id, or refused. */
  readonly answers: (verdicts: readonly ({ id: string } | { refused: true })[]) => {
    readonly treatment: Treatment;
    readonly refusal: SendOutcome;
  };
  /** It refuses the whole list for coming too fast. */
  readonly throttles: (retryAfterSeconds: number) => Treatment;
  read(request: SeenRequest): SentText[];
}

const LIST: readonly OutgoingMessage[] = [1, 2, 3].map((seq) => ({
  ...MESSAGE,
  reference: { ...MESSAGE.reference, seq },
  phone: `+8491234567${seq}`,
  text: `${MESSAGE.text} Cử tri số ${seq}`,
}));

/** The promises of `Gateway.sendBatch`, on real sockets. */
export function itKeepsTheContractOfLists(subject: ListSubject): void {
  describe('a list of texts', () => {
    let peer: ScriptedPeer;
    let gateway: Gateway;
    const sendTreated = (treatment: Treatment): Promise<SendOutcome[]> => {
      peer.treat = treatment;
      return gateway.sendBatch!(LIST);
    };
    const ids = LIST.map((_, index) => ({ id: `id-${index}` }));
    const accepted = ids.map(({ id }) => ({ kind: 'accepted', gatewayMessageId: id }));

    beforeEach(async () => {
      peer = await ScriptedPeer.start();
      gateway = await subject.open(peer.url, { sockets: 2, timeoutMs: TIMEOUT_MS });
    });
    afterEach(async () => {
      await gateway.close();
      await peer.stop();
    });

    it('is taken as the gateway says, and single texts are still', async () => {
      expect(gateway.capabilities.largestBatch).toBeGreaterThanOrEqual(LIST.length);
      expect(gateway.send).toBeDefined();
    });

    it('travels in one request, each text letter by letter with its number, sender and reference', async () => {
      expect(await sendTreated(subject.answers(ids).treatment)).toEqual(accepted);
      expect(peer.seen).toHaveLength(1);
      const sent = LIST.map(({ phone, sender, text, reference }) => {
        return { phone, sender, text, reference: `7.${reference.seq}.2` };
      });
      expect(subject.read(peer.seen[0]!)).toEqual(sent);
    });

    it('has an outcome for each text: a bad one spoils none of the others', async () => {
      const { treatment, refusal } = subject.answers([ids[0]!, { refused: true }, ids[2]!]);
      expect(await sendTreated(treatment)).toEqual([accepted[0], refusal, accepted[2]]);
    });

    it('waits as a whole when the gateway is throttling', async () => {
      const outcomes = await sendTreated(subject.throttles(17));
      expect(outcomes).toHaveLength(3);
      for (const one of outcomes)
        expect(one).toMatchObject({ kind: 'deferred', because: 'rate', retryAfterMs: 17_000 });
    });

    it('waits as a whole when there is no connection', async () => {
      await gateway.close();
      const { url } = peer;
      await peer.stop();
      gateway = await subject.open(url, { sockets: 2, timeoutMs: TIMEOUT_MS });
      const outcome = { kind: 'deferred', because: 'unreachable', code: 'ECONNREFUSED' };
      expect(await gateway.sendBatch!(LIST)).toEqual([outcome, outcome, outcome]);
    });

    const [first, second] = [ids.slice(0, 2), ids.concat(ids)];
    const doubts: [string, Treatment][] = [
      ['no answer comes in time', hang],
      ['the connection is closed without an answer', drop],
      ['the connection is reset in the middle of the answer', resetMidAnswer(200)],
      ['the answer is broken JSON', answer(200, '{"results":[{"sta')],
      ['the answer is empty', answer(200, '')],
      ['the answer names fewer texts than were sent', subject.answers(first).treatment],
      ['the answer names more texts than were sent', subject.answers(second).treatment],
      ['something on the way answers 502', answer(502, '<html>Bad Gateway</html>')],
    ];
    it.each(doubts)('is unknown as a whole, and sent once only, when %s', async (_when, treatment) => {
      const outcomes = await sendTreated(treatment);
      expect(outcomes.map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'unknown']);
      expect(peer.seen).toHaveLength(1);
    });

    it('that is refused as a whole loses no recipient: what is wrong is not with them', async () => {
      for (const status of [400, 401, 403, 404, 413, 422]) {
        const outcomes = await sendTreated(answer(status, { accepted: false, code: 'invalid-request' }));
        for (const one of outcomes) expect(one).toMatchObject({ kind: 'deferred', because: 'account' });
      }
    });
  });
}
