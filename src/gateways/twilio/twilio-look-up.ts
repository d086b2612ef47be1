import type { LookUpAnswer, OutgoingMessage } from '../gateway';

/** What is read of a message that Twilio lists. */
export interface ListedMessage {
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  readonly body: string | null;
  /** Twilio names whole seconds; the SDK gives a text where it could not read a date. */
  readonly dateCreated: Date | string | null;
}

/**
 * The list is asked for from a day before: Twilio describes its filter as one by GMT day
 * (https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources). Which texts are meant
 * is decided here, by when they were created.
 */
export const LISTED_FROM_MS = 24 * 3_600_000;
/** Why a look-up proves nothing; each has to be explained to staff. */
export type LookUpCode = 'several-match' | 'list-incomplete';
const inconclusive = (code: LookUpCode): LookUpAnswer => ({ kind: 'inconclusive', code });

/** Far more texts than one person gets in two days. */
export const MOST_LISTED = 50;
/** A text of ours is created within the time-out of its hand-over; what is created later is another one of equal words. */
const CREATED_WITHIN_MS = 10 * 60_000;

/**
 * Finds a text among those that went to its number: the same sender and words, created from the second of its hand-over on.
 * Several prove nothing, for equal texts cannot be told apart; nor does a list that was cut short.
 */
export function matchSentMessages(
  listed: readonly ListedMessage[],
  { phone, sender, text }: OutgoingMessage,
  handedOverAt: Date,
): LookUpAnswer {
  const from = Math.floor(handedOverAt.getTime() / 1_000) * 1_000;
  const until = handedOverAt.getTime() + CREATED_WITHIN_MS;
  const ours = listed.filter(({ to, from: by, body }) => to === phone && by === sender && body?.normalize() === text);
  const times = ours.map(({ dateCreated }) => (dateCreated instanceof Date ? dateCreated.getTime() : Number.NaN));
  const matching = ours.filter((_, index) => times[index]! >= from && times[index]! <= until);
  const isDoubtful = listed.length >= MOST_LISTED || times.some((time) => Number.isNaN(time));
  if (matching.length > 1) return inconclusive('several-match');
  if (isDoubtful) return inconclusive('list-incomplete');
  return matching[0] ? { kind: 'accepted', gatewayMessageId: matching[0].sid } : { kind: 'absent' };
}
