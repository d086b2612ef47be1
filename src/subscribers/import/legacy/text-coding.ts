/** How letters are written in a text file. */
export type TextCoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1258' | 'tcvn3' | 'vni';
/** `unicode` are the cells of a workbook as they are. */
export type Coding = TextCoding | 'unicode';
