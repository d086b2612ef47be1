const BASIC = 1;
const EXTENSION = 2;

const BASIC_CHARACTERS =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿' +
  'abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENSION_CHARACTERS = '\f^{}\\[~]|€';

/** One past the highest code unit of the alphabet (€, U+20AC). */
const TABLE_SIZE = 0x20ad;
const unitsByCode = buildTable();

/**
 * Septets a UTF-16 code unit takes in the GSM 7-bit default alphabet: 1, 2 for the extension table, 0 when it is not in
 * the alphabet at all. Source: 3GPP TS 23.038, sections 6.2.1 and 6.2.1.1 (no national language shift tables:
 * Vietnamese has none).
 */
export function gsm7Units(codeUnit: number): number {
  return codeUnit < TABLE_SIZE ? unitsByCode[codeUnit]! : 0;
}

function buildTable(): Uint8Array {
  const table = new Uint8Array(TABLE_SIZE);
  for (const character of BASIC_CHARACTERS) table[character.charCodeAt(0)] = BASIC;
  for (const character of EXTENSION_CHARACTERS) table[character.charCodeAt(0)] = EXTENSION;
  return table;
}
