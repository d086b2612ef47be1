/** What a gateway takes. Shown to staff, and checked before anything is approved. */
export interface TextLimits {
  readonly maxSegments: number;
  /** UTF-16 code units of a text of ASCII characters only: what carriers here call "không dấu". */
  readonly maxCharactersAscii: number;
  /** Of any other text, UTF-16 code units. */
  readonly maxCharactersUnicode: number;
  /** Each single character of it. */
  readonly forbiddenCharacters: string;
  readonly supportsUnicode: boolean;
  readonly senderId: SenderRules;
}

/** A sender ID (brandname) has Latin letters, at least one of them, digits, and these. */
export interface SenderRules {
  readonly maxLength: number;
  readonly specialCharacters: string;
}

export type TextFault = 'too-many-segments' | 'too-long' | 'forbidden-character' | 'unicode-not-supported';
export type SenderFault = 'empty' | 'too-long' | 'forbidden-character' | 'no-letter';

const NONE: readonly TextFault[] = [];
const BEYOND_ASCII = /[^\u0000-\u007f]/;
const forbidden = new WeakMap<TextLimits, RegExp>();

/**
 * Why the gateway would not take this text; empty when it would. Asked of every recipient: half a microsecond for a notice.
 *
 * @param text NFC
 * @param count of the same text
 */
export function textFaults(
  limits: TextLimits,
  text: string,
  count: { readonly segments: number },
): readonly TextFault[] {
  const isUnicode = BEYOND_ASCII.test(text);
  const isTooLong = text.length > (isUnicode ? limits.maxCharactersUnicode : limits.maxCharactersAscii);
  const hasForbidden = forbiddenIn(limits).test(text);
  const hasTooMany = count.segments > limits.maxSegments;
  const isUnknown = isUnicode && !limits.supportsUnicode;
  if (!isTooLong && !hasForbidden && !hasTooMany && !isUnknown) return NONE;
  const faults: [boolean, TextFault][] = [
    [hasTooMany, 'too-many-segments'],
    [isTooLong, 'too-long'],
    [hasForbidden, 'forbidden-character'],
    [isUnknown, 'unicode-not-supported'],
  ];
  return faults.flatMap(([is, fault]) => (is ? [fault] : []));
}

function forbiddenIn(limits: TextLimits): RegExp {
  let pattern = forbidden.get(limits);
  if (!pattern) {
    pattern = new RegExp(`[${escaped(limits.forbiddenCharacters)}]`);
    forbidden.set(limits, pattern);
  }
  return pattern;
}

/** Why the gateway would not take this sender ID; empty when its form is right. Whether it is registered only the carriers know. */
export function senderFaults({ senderId }: TextLimits, sender: string): SenderFault[] {
  if (sender === '') return ['empty'];
  const faults: SenderFault[] = [];
  if (sender.length > senderId.maxLength) faults.push('too-long');
  if (!new RegExp(`^[A-Za-z0-9${escaped(senderId.specialCharacters)}]+$`).test(sender))
    faults.push('forbidden-character');
  if (!/[A-Za-z]/.test(sender)) faults.push('no-letter');
  return faults;
}

/** For a class of characters in a pattern; the empty one matches nothing. */
function escaped(characters: string): string {
  return characters.replace(/[\\\]^-]/g, '\\$&');
}
