import { HANDED_OVER_AT } from '../../../test/gateways/look-up-contract';
import type { OutgoingMessage } from '../gateway';
import { ListedMessage, matchSentMessages, MOST_LISTED } from './twilio-look-up';

const MESSAGE: OutgoingMessage = {
  reference: { batchId: 7, seq: 1, attempt: 1 },
  phone: '+84912345678',
  sender: 'SOTUPHAP',
  text: 'Kính mời cử tri',
  segments: 1,
};
const at = (seconds: number): Date => new Date(HANDED_OVER_AT.getTime() + seconds * 1_000);
const listed = (differs: Partial<ListedMessage> = {}): ListedMessage => ({
  sid: 'SM1',
  to: MESSAGE.phone,
  from: MESSAGE.sender,
  body: MESSAGE.text,
  dateCreated: new Date('2021-05-20T01:00:00Z'), // whole seconds, so before the hand-over at 01:00:00.250
  ...differs,
});
const match = (...messages: ListedMessage[]) => matchSentMessages(messages, MESSAGE, HANDED_OVER_AT);
const found = { kind: 'accepted', gatewayMessageId: 'SM1' };
const absent = { kind: 'absent' };

describe('A text that is looked for at Twilio', () => {
  it('is the one of the same number, sender and words, created since its hand-over', () => {
    expect(match(listed())).toEqual(found);
    expect(match(listed({ dateCreated: at(30) }))).toEqual(found);
    expect(match(listed({ body: MESSAGE.text.normalize('NFD') }))).toEqual(found);
  });

  it('is none of other words, senders or numbers', () => {
    expect(match()).toEqual(absent);
    const others = [{ body: 'Kính mời' }, { from: 'STP' }, { to: '+84987654321' }, { body: null }];
    for (const differs of others) expect(match(listed(differs))).toEqual(absent);
    expect(match(listed({ sid: 'SM2', body: 'Kính mời' }), listed())).toEqual(found);
  });

  it('is none of equal words of another campaign, before or long after', () => {
    for (const seconds of [-2, -86_400, 601]) expect(match(listed({ dateCreated: at(seconds) }))).toEqual(absent);
    expect(match(listed({ sid: 'SM2', dateCreated: at(-3_600) }), listed())).toEqual(found);
  });

  it('cannot be told from a second one of equal words', () => {
    const both = match(listed(), listed({ sid: 'SM2', dateCreated: at(5) }));
    expect(both).toEqual({ kind: 'inconclusive', code: 'several-match' });
  });

  it('may stand further down in a list that was cut short, or be the one without a date', () => {
    const many = Array.from({ length: MOST_LISTED - 1 }, (_, index) => listed({ sid: `SM${index + 2}`, body: 'x' }));
    expect(match(...many, listed())).toEqual({ kind: 'inconclusive', code: 'list-incomplete' });
    expect(match(listed({ dateCreated: null }))).toEqual({ kind: 'inconclusive', code: 'list-incomplete' });
    expect(match(listed({ dateCreated: 'soon' }), listed())).toEqual({ kind: 'inconclusive', code: 'list-incomplete' });
  });
});
