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
  return keyByTable(text) ?? keyOfAnyText(text);
}

function keyOfAnyText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]+/gu, '')
    .toLowerCase()
    .replace(/[đðɖłøı]/g, (letter) => LOOK_ALIKES[letter] ?? letter)
    .replace(/\p{M}+/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

const SPACE = 32;
/** Longer texts are rare, and no names. */
const LONGEST_BY_TABLE = 200;
const scratch = Buffer.alloc(LONGEST_BY_TABLE);
/**
 * What each ASCII and Latin letter becomes, by its code: nearly every name is made of these alone, and their keys are had at
 * 0.2 µs instead of 2. 0 stands for what the table does not know.
 */
const KEY_OF_CODE = Uint8Array.from({ length: 0x1f00 }, (_, code) => {
  if (!(code >= 0x20 && code < 0x250) && !(code >= 0x1ea0 && code < 0x1efa)) return 0;
  const key = keyOfAnyText(`a${String.fromCharCode(code)}a`);
  if (key === 'a a') return SPACE;
  return key.length === 3 && key.charCodeAt(1) < 128 ? key.charCodeAt(1) : 0;
});

function keyByTable(text: string): string | undefined {
  if (text.length > LONGEST_BY_TABLE) return undefined;
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const key = code < KEY_OF_CODE.length ? KEY_OF_CODE[code]! : 0;
    if (key === 0) return undefined;
    if (key === SPACE && (length === 0 || scratch[length - 1] === SPACE)) continue;
    scratch[length] = key;
    length += 1;
  }
  if (length > 0 && scratch[length - 1] === SPACE) length -= 1;
  return scratch.toString('latin1', 0, length);
}

/** ASCII and the composed letters of Vietnamese, with single spaces: most names, and ten times cheaper to test than mend. */
const IS_TIDY = /^[!-~À-ƿẠ-ỹ]+(?: [!-~À-ƿẠ-ỹ]+)*$/;

/** A name as it is stored: NFC, trimmed, single spaces, without control, zero-width and direction marks. */
export function tidyName(text: string): string {
  if (text === '' || IS_TIDY.test(text)) return text;
  return text
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\u034F\uFE00-\uFE0F]+/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim()
    .normalize('NFC');
}
