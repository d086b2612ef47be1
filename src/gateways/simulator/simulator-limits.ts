import type { TextLimits } from '../text-limits';

/**
 * What resellers of brandname SMS in Viet Nam publish, taken together, so that a text which passes here passes there: four
 * segments (about 612 characters without accents and 268 with; the public pages of VHT and Intercom), no `&` and `#` (Viettel's
 * bulk SMS interface, Intercom), none of the other characters that carriers refuse here and there, some of which take two
 * places in GSM 03.38. Brandnames: Decree 91/2020/NĐ-CP, Art. 23, and the carriers' registration forms.
 *
 * They are declared, as those of every gateway, and checked before an approval; the simulator itself takes more.
 */
export const SIMULATOR_LIMITS: TextLimits = {
  maxSegments: 4,
  maxCharactersAscii: 612,
  maxCharactersUnicode: 268,
  forbiddenCharacters: '&#%[]{}<>@\\',
  supportsUnicode: true,
  senderId: { maxLength: 11, specialCharacters: '-_. ' },
};
