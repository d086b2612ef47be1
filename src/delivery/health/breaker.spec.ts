import fc from 'fast-check';
import type { DeferralCause, SendOutcome } from '../../gateways';
import { Breaker } from './breaker';

const TIMEOUT_MS = 10_000;
const ACCEPTED: SendOutcome = { kind: 'accepted', gatewayMessageId: 'g' };
const REFUSED: SendOutcome = { kind: 'rejected', code: '21211' };
const LOST: SendOutcome = { kind: 'unknown', code: 'timeout' };
const putOff = (because: DeferralCause, retryAfterMs?: number): SendOutcome => ({
  kind: 'deferred',
  because,
  code: 'why',
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const ANSWERS = [
  ACCEPTED,
  REFUSED,
  LOST,
  putOff('rate'),
  putOff('rate', 3_000),
  putOff('unreachable'),
  putOff('account'),
  putOff('temporary', 90_000),
];

/** An instance that sends as its breaker allows, at a time of its own. Each text is answered before its time-out. */
class Office {
  nowMs = 0;
  /** When each text that is under way was sent, and whether it was the one that may try. */
  readonly underWay: { readonly sentAtMs: number; readonly isTrial: boolean }[] = [];
  readonly breaker: Breaker;

  constructor(random = 1) {
    this.breaker = new Breaker(TIMEOUT_MS, undefined, () => random);
  }

  /** @returns how long to wait when none may leave */
  send(texts = 1): number {
    const allowance = this.breaker.allows(this.nowMs);
    if (allowance.go === 'none') return allowance.waitMs;
    const isTrial = allowance.go === 'one';
    // To lease and to mark.
    this.nowMs += 1;
    for (let sent = 0; sent < (isTrial ? 1 : texts); sent += 1) this.underWay.push({ sentAtMs: this.nowMs, isTrial });
    return 0;
  }

  answer(outcome: SendOutcome): void {
    const text = this.underWay.shift();
    if (text) this.breaker.note(outcome, this.nowMs, text.sentAtMs);
  }

  /** What is not answered by its time-out is lost. */
  pass(ms: number): void {
    const until = this.nowMs + ms;
    for (let first; (first = this.underWay[0]) && first.sentAtMs + TIMEOUT_MS <= until;) {
      this.nowMs = Math.max(this.nowMs, first.sentAtMs + TIMEOUT_MS);
      this.answer(LOST);
    }
    this.nowMs = until;
  }

  /** Every text is answered like this. */
  exchange(outcome: SendOutcome, times = 1): void {
    for (let time = 0; time < times; time += 1) {
      this.send();
      this.answer(outcome);
    }
  }

  breakDown(): void {
    this.exchange(putOff('account'));
    expect(this.breaker.state).toBe('open');
  }
}

describe('a breaker', () => {
  it('opens at once when the account is refused, and says why', () => {
    const office = new Office();
    office.exchange(ACCEPTED, 100);
    office.breakDown();
    expect(office.breaker.reason).toBe('account:why');
    expect(office.breaker.allows(office.nowMs)).toEqual({ go: 'none', waitMs: 1_000 });
  });

  it.each([putOff('unreachable'), putOff('temporary')])('opens after twenty failures in a row: $because', (failure) => {
    const office = new Office();
    office.exchange(failure, 19);
    office.exchange(ACCEPTED);
    office.exchange(failure, 19);
    expect(office.breaker.state).toBe('closed');
    office.exchange(failure);
    expect(office.breaker.state).toBe('open');
  });

  it('opens when every other text of a hundred fails within ten seconds, but not when it takes minutes', () => {
    const [quick, slow] = [new Office(), new Office()];
    for (let text = 0; text < 50; text += 1) {
      quick.exchange(ACCEPTED);
      quick.exchange(putOff('temporary'));
      slow.exchange(ACCEPTED);
      slow.exchange(putOff('temporary'));
      slow.pass(2_000);
    }
    expect([quick.breaker.state, slow.breaker.state]).toEqual(['open', 'closed']);
  });

  it('never opens because too much was sent at once, and does not take that for a sign of health', () => {
    const office = new Office();
    office.exchange(putOff('rate'), 1_000);
    expect(office.breaker.state).toBe('closed');
    office.exchange(putOff('unreachable'), 19);
    office.exchange(putOff('rate'));
    office.exchange(putOff('unreachable'));
    expect(office.breaker.state).toBe('open');
    office.pass(1_000);
    office.exchange(putOff('rate'));
    expect(office.breaker.state).toBe('open');
  });

  it('stays closed when the gateway refuses text after text for good: it works', () => {
    const office = new Office();
    office.exchange(REFUSED, 1_000);
    expect(office.breaker.state).toBe('closed');
  });

  it.each([1, 10, 50, 300])(
    'leaves no more in doubt than its %i sockets and four texts when a gateway hangs',
    (sockets) => {
      const office = new Office();
      let sent = 0;
      for (let ms = 0; ms < 60_000; ms += 10) {
        while (office.underWay.length < sockets && office.send() === 0) sent += 1;
        if (office.breaker.state !== 'closed') break;
        office.pass(10);
      }
      expect(office.breaker.state).toBe('open');
      expect(office.breaker.reason).toBe('in-doubt:timeout');
      expect(sent).toBeLessThanOrEqual(sockets + 4);
    },
  );

  it('waits a second, then twice as long each time, up to a minute', () => {
    const office = new Office();
    office.breakDown();
    const waits: number[] = [];
    for (let trial = 0; trial < 9; trial += 1) {
      const from = office.nowMs;
      for (let waitMs; (waitMs = office.send()) > 0;) office.pass(waitMs);
      waits.push(Math.round((office.nowMs - from) / 1_000));
      office.answer(putOff('unreachable'));
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('spreads the trials of many instances over half of the wait', () => {
    const waits = [0, 0.5, 1].map((random) => {
      const office = new Office(random);
      office.breakDown();
      return office.send();
    });
    expect(waits).toEqual([500, 750, 1_000]);
  });

  it('tries at once when a person says that it works again, and is asked at least every second, so that it hears it', () => {
    const office = new Office();
    office.breakDown();
    for (let trial = 0; trial < 9; trial += 1) {
      for (let waitMs; (waitMs = office.send()) > 0;) {
        expect(waitMs).toBeLessThanOrEqual(1_000);
        office.pass(waitMs);
      }
      office.answer(putOff('account'));
    }
    expect(office.send()).toBe(1_000);
    office.breaker.tryNow(office.nowMs);
    office.exchange(ACCEPTED);
    expect(office.breaker.state).toBe('closed');
  });

  it('takes no answer to a text of before for news: neither a late acceptance nor a late time-out', () => {
    const office = new Office();
    office.send(3);
    office.pass(1);
    office.breaker.note(putOff('account'), office.nowMs, office.nowMs);
    office.answer(ACCEPTED);
    expect(office.breaker.state).toBe('open');
    office.pass(1_000);
    office.underWay.splice(0);
    office.exchange(ACCEPTED);
    for (let late = 0; late < 100; late += 1) office.breaker.note(LOST, office.nowMs, 0);
    expect(office.breaker.state).toBe('closed');
  });

  it('lets the next text through when there was none to send', () => {
    const office = new Office();
    office.breakDown();
    office.pass(1_000);
    expect(office.breaker.allows(office.nowMs)).toEqual({ go: 'one' });
    office.breaker.unused(office.nowMs);
    expect(office.breaker.allows(office.nowMs)).toEqual({ go: 'one' });
    expect(office.breaker.allows(office.nowMs)).toEqual({ go: 'none', waitMs: 100 });
  });

  const acts = fc.oneof(
    fc.integer({ min: 1, max: 30 }).map((texts) => (office: Office) => void office.send(texts)),
    fc.constantFrom(...ANSWERS).map((answer) => (office: Office) => office.answer(answer)),
    fc.constantFrom(...ANSWERS).map((answer) => (office: Office) => office.exchange(answer, 10)),
    fc
      .oneof(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: 70_000 }))
      .map((ms) => (office: Office) => office.pass(ms)),
    fc.constant((office: Office) => office.breaker.tryNow(office.nowMs)),
  );
  const histories = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.array(acts, { minLength: 20, maxLength: 200 }),
  );

  it('never has more than one text under way to try a gateway, whatever happens', () => {
    fc.assert(
      fc.property(histories, ([random, history]) => {
        const office = new Office(random);
        for (const act of history) {
          act(office);
          expect(office.underWay.filter(({ isTrial }) => isTrial).length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('is never stuck: whatever happened, it is closed soon after the gateway works again', () => {
    fc.assert(
      fc.property(histories, ([random, history]) => {
        const office = new Office(random);
        for (const act of history) act(office);
        office.pass(TIMEOUT_MS);
        const from = office.nowMs;
        for (let round = 0; office.breaker.state !== 'closed' && round < 1_000; round += 1) {
          const waitMs = office.send();
          expect(waitMs).toBeGreaterThanOrEqual(0);
          if (waitMs > 0) office.pass(waitMs);
          else office.answer(ACCEPTED);
        }
        expect(office.breaker.state).toBe('closed');
        expect(office.nowMs - from).toBeLessThanOrEqual(60_000 + TIMEOUT_MS + 5_000);
      }),
    );
  });
});
