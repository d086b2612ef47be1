import type { FontCoding } from './text-coding';

/**
 * The coding that the text of a cell is in by the name of its font: `.VnTime`, `.VnArial` … are TCVN3 (ABC), `VNI-Times`,
 * `VNI-Helve` … are VNI-Windows. The fonts of TCVN3 whose name ends in H draw its small letters as capitals, the only way
 * to have capitals with tones in that coding; their text is to be put in capitals after the conversion.
 *
 * @returns undefined for a font of Unicode
 */
export function codingOfFont(fontName: string): { coding: FontCoding; upperCase: boolean } | undefined {
  const name = fontName.trim();
  if (/^VNI[- ]/i.test(name)) return { coding: 'vni', upperCase: false };
  if (!/^\.Vn/i.test(name)) return undefined;
  return { coding: 'tcvn3', upperCase: name.endsWith('H') || /^[^A-Z]*h$/.test(name) };
}
