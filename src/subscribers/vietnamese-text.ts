/** Letters that look like đ, or lose their mark in no Unicode decomposition. */
const LOOK_ALIKES: Readonly<Record<string, string>> = { đ: 'd', ð: 'd', ɖ: 'd', ł: 'l', ø: 'o', ı: 'i' };

/**
 * The key by which names, areas and column titles are compared: lower case, without accents, punctuation as one space.
 * The two spellings of old and new tone placement (Hoà, Hòa) are different strings even after NFC, so only a key without
 * tones can compare them.
 *
 * @example searchKey('Xã/phường: HOÀ  Bình') === 'xa phuong hoa binh'
 */
export function searchKey(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]+/gu, '')
    .toLowerCase()
    .replace(/[đðɖłøı]/g, (letter) => LOOK_ALIKES[letter] ?? letter)
    .replace(/\p{M}+/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Anything a name may need mending for; most names of a list need none, and this test is ten times cheaper. */
const MAY_NEED_TIDYING = /[^\p{L} ]|^ | $| {2}/u;

/** A name as it is stored: NFC, trimmed, single spaces, without control, zero-width and direction marks. */
export function tidyName(text: string): string {
  const composed = text.normalize('NFC');
  if (!MAY_NEED_TIDYING.test(composed)) return composed;
  return composed
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\u034F\uFE00-\uFE0F]+/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim()
    .normalize('NFC');
}
