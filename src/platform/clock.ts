/** Time comes from here, so that tests can set it. The database's own clock decides about leases. */
export abstract class Clock {
  abstract now(): Date;
}

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}

/** Vietnam keeps UTC+7 all year round: no daylight saving time since 1975. */
export const LOCAL_TIME_ZONE = 'Asia/Ho_Chi_Minh';
const LOCAL_OFFSET_MS = 7 * 60 * 60 * 1000;

/** The calendar day in Vietnam, `2021-05-23`. */
export function localDay(at: Date): string {
  return new Date(at.getTime() + LOCAL_OFFSET_MS).toISOString().slice(0, 10);
}

const LOCAL_TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:\d{2})?$/;

/**
 * Reads a start time as staff write it: `2021-05-20T08:00` is Vietnam time; a text with `Z` or an offset is taken at its
 * word. Undefined when it is neither, or no such day exists.
 */
export function parseLocalTime(text: string): Date | undefined {
  const local = LOCAL_TIME.exec(text);
  if (!local && !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined;
  const at = new Date(local ? `${local[1]}T${local[2]}${local[3] ?? ':00'}+07:00` : text);
  if (Number.isNaN(at.getTime())) return undefined;
  // Date rolls 30 February over to March; a day that does not exist is refused instead.
  const day = text.slice(0, 10);
  if (!new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)) return undefined;
  // There is no year 0, neither for people nor for PostgreSQL, and days are written with four digits of a year; an offset
  // may lead out of both.
  return /^(?!0000)\d{4}-/.test(new Date(at.getTime() + LOCAL_OFFSET_MS).toISOString()) ? at : undefined;
}

/** `2021-05-20T08:00:00+07:00`: how times are shown. */
export function formatLocalTime(at: Date): string {
  return `${new Date(at.getTime() + LOCAL_OFFSET_MS).toISOString().slice(0, 19)}+07:00`;
}

/** `2021-05-23` as people write it: `23/5/2021`. */
export function formatLocalDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${date}/${month}/${year}`;
}
