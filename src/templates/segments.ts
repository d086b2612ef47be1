import { gsm7Units } from './gsm7';

export type SmsEncoding = 'GSM-7' | 'UCS-2';

export interface SegmentCount {
  readonly encoding: SmsEncoding;
  /** What the limits count: septets in GSM-7 (an extension character takes two), UTF-16 code units in UCS-2. */
  readonly units: number;
  /** Parts the operator sends and bills ("bản tin MT"). */
  readonly segments: number;
}

/** A segment carries 140 octets; a text of several loses 6 of them in each to the concatenation header. */
const GSM7_SINGLE = 160;
const GSM7_PART = 153;
const UCS2_SINGLE = 70;
const UCS2_PART = 67;

/**
 * Counts the segments of a text as it would go over the air; the text must be NFC, since a decomposed letter takes two
 * or three units and the bill with it. Neither an escape sequence nor a surrogate pair is ever split over a border, so
 * a part may stay one unit short. An empty text has 0 segments, because nothing is sent; Twilio's calculator says 1.
 * An emoji joined from several (a family, a flag) may be split between its members, where Twilio's calculator moves it
 * whole: it can count a segment more there. Phones join the parts before they show them.
 *
 * Source: 3GPP TS 23.038 (alphabets), TS 23.040 section 9.2.3.24.1 (concatenated short messages).
 */
export function countSegments(text: string): SegmentCount {
  const { length } = text;
  let units = 0;
  let parts = 1;
  let free = GSM7_PART;
  for (let index = 0; index < length; index++) {
    const width = gsm7Units(text.charCodeAt(index));
    if (width === 0) return countUcs2(text);
    if (width > free) {
      parts++;
      free = GSM7_PART;
    }
    free -= width;
    units += width;
  }
  return { encoding: 'GSM-7', units, segments: units === 0 ? 0 : units <= GSM7_SINGLE ? 1 : parts };
}

function countUcs2(text: string): SegmentCount {
  const { length } = text;
  if (length <= UCS2_SINGLE) return { encoding: 'UCS-2', units: length, segments: 1 };
  let segments = 0;
  for (let start = 0; start < length; segments++) {
    const end = start + UCS2_PART;
    start = end < length && splitsPair(text, end) ? end - 1 : end;
  }
  return { encoding: 'UCS-2', units: length, segments };
}

function splitsPair(text: string, border: number): boolean {
  return isHighSurrogate(text.charCodeAt(border - 1)) && isLowSurrogate(text.charCodeAt(border));
}

function isHighSurrogate(codeUnit: number): boolean {
  return codeUnit >= 0xd800 && codeUnit <= 0xdbff;
}

function isLowSurrogate(codeUnit: number): boolean {
  return codeUnit >= 0xdc00 && codeUnit <= 0xdfff;
}
