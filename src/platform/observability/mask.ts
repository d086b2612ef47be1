/**
 * Runs of digits that can be a Vietnamese phone number: +84 or 84 or 0, then nine or ten digits, with separators as people
 * write them. A digit, letter or hyphen before or after means an id or a time, which stays.
 */
const PHONE_LIKE = /(?<![\w.:-])(\+?84|0)((?:[ .]?\d){6,7})([ .]?\d{3})(?![\w-])/g;

/** `0912345678` becomes `0***678`: enough to recognise a number one knows, too little to find one. */
export function maskPersonalData(line: string): string {
  return line.replace(PHONE_LIKE, (_whole, start: string, _middle, end: string) => `${start}***${end.slice(-3)}`);
}
