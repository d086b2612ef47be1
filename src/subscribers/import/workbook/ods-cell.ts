import { dateText, numberText } from '../xlsx/cell-text';
import type { XmlAttributes } from '../xlsx/xml-feed';

const SECONDS_PER_DAY = 86_400;
const DURATION = /^(-)?P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?$/;
const MIDNIGHT = /T00:00:00(?:[.,]0+)?$/;
const FRACTION_OF_SECOND = /[.,]\d+$/;

/**
 * The text of an OpenDocument cell, as the reader of .xlsx gives it for the same one: by its value and not by what is
 * shown, where digits may be missing. Source: OpenDocument 1.3 part 3, section 19.385 (`office:value-type`).
 *
 * @param shown its paragraphs, divided by line feeds
 */
export function odsCellText(attributes: XmlAttributes, shown: string): string {
  const type = attributes['office:value-type'];
  if (type === undefined) return shown || formulaText(attributes['table:formula']);
  return TEXT_OF_TYPE.get(type)?.(attributes, shown) ?? shown;
}

type TextOf = (attributes: XmlAttributes, shown: string) => string;
const numberOf: TextOf = (attributes, shown) => numberText(attributes['office:value'] ?? shown);
const TEXT_OF_TYPE: ReadonlyMap<string, TextOf> = new Map<string, TextOf>([
  ['float', numberOf],
  ['percentage', numberOf],
  ['currency', numberOf],
  ['date', (attributes, shown) => isoDate(attributes['office:date-value'] ?? shown)],
  ['time', (attributes, shown) => timeText(attributes['office:time-value'] ?? shown)],
  ['boolean', (attributes) => (attributes['office:boolean-value'] === 'true' ? 'TRUE' : 'FALSE')],
  ['string', (attributes, shown) => shown || (attributes['office:string-value'] ?? '')],
]);

/** A formula without a result must not pass for an empty cell. */
function formulaText(formula: string | undefined): string {
  return formula === undefined ? '' : formula.replace(/^[\w.-]+:(?==)/, '');
}

function isoDate(value: string): string {
  return value.replace(MIDNIGHT, '').replace(FRACTION_OF_SECOND, '');
}

/** @param value a duration such as PT07H30M00S */
function timeText(value: string): string {
  const found = DURATION.exec(value);
  if (!found || found[1]) return value;
  const [days, hours, minutes, seconds] = found.slice(2).map((part) => Number(part ?? 0));
  const total = ((days! * 24 + hours!) * 60 + minutes!) * 60 + seconds!;
  return dateText(String(total / SECONDS_PER_DAY), false);
}
