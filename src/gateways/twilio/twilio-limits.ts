import type { TextLimits } from '../text-limits';

/** The longest body of the Messages resource: https://www.twilio.com/docs/api/errors/21617 */
const LONGEST_BODY = 1_600;

/**
 * Twilio sets no number of segments: 1,600 characters are at most 24 with accents, 67 characters each. It advises to stay
 * below 320 characters, and a carrier may refuse long texts with accents (error 30019).
 *
 * Sender IDs: https://help.twilio.com/articles/223181348. In Viet Nam they have to be registered beforehand.
 */
export const TWILIO_LIMITS: TextLimits = {
  maxSegments: 24,
  maxCharactersAscii: LONGEST_BODY,
  maxCharactersUnicode: LONGEST_BODY,
  forbiddenCharacters: '',
  supportsUnicode: true,
  senderId: { maxLength: 11, specialCharacters: ' +-_&' },
};
