import { Fault } from '../../platform/errors';
import { choicesOf, refusalOf } from './choices';

const handedOverAt = new Date('2021-05-20T08:00:00+07:00');
const after = (seconds: number): Date => new Date(handedOverAt.getTime() + seconds * 1_000);
const text = {
  handedOverAt,
  since: after(30),
  isErased: false,
  hasEnded: false,
  isPastDeadline: false,
  now: after(40),
};
const LEFT_MS = 50_000;
const codeOf = (fault: Fault | undefined): string | undefined => fault?.code;

describe('what a person may decide of an unknown text', () => {
  it('may be said to be accepted at once, and not to have arrived only when it surely is not on its way any more', () => {
    expect(choicesOf(text, LEFT_MS)).toEqual([
      { decision: 'accepted', from: after(30) },
      { decision: 'failed', from: after(50) },
      { decision: 'send-again', from: after(50) },
    ]);
    expect(refusalOf(text, 'accepted', LEFT_MS)).toBeUndefined();
    for (const decision of ['failed', 'send-again'] as const) {
      const refusal = refusalOf(text, decision, LEFT_MS)!;
      expect([refusal.code, refusal.details.retryAfterSeconds]).toEqual(['unknown.too-soon', 10]);
      expect(refusal.details.params).toEqual({ from: '2021-05-20T08:00:50+07:00' });
      expect(refusalOf({ ...text, now: after(50) }, decision, LEFT_MS)).toBeUndefined();
    }
  });

  it.each([
    ['the campaign is over', { hasEnded: true }, 'unknown.campaign-over'],
    ['it was erased', { isErased: true }, 'unknown.erased'],
    ['the deadline has passed', { isPastDeadline: true }, 'unknown.deadline-passed'],
  ])('is not sent again when %s', (_, change, code) => {
    const late = { ...text, ...change, now: after(3_600) };
    expect(choicesOf(late, LEFT_MS).map(({ decision }) => decision)).toEqual(['accepted', 'failed']);
    expect(codeOf(refusalOf(late, 'send-again', LEFT_MS))).toBe(code);
    expect(refusalOf(late, 'failed', LEFT_MS)).toBeUndefined();
  });
});
