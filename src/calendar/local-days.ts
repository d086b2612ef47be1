const DAY_MS = 24 * 60 * 60 * 1000;

/** Days are local ones, `2027-02-08`; negative counts lead back. */
export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

/** ISO day of the week: 1 Monday … 7 Sunday. */
export function isoWeekday(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

/** An instant by Vietnam's clock. @param time `07:00` or `07:00:00` */
export function atLocalTime(day: string, time: string): Date {
  return new Date(`${day}T${time}+07:00`);
}
