import { sqlIsHoliday } from '../calendar';
import { LOCAL_TIME_ZONE } from '../platform/clock';

/** SQL: the local date and time. */
export const LOCAL_NOW = `(now() at time zone '${LOCAL_TIME_ZONE}')`;

/** SQL: today's local day. */
export const LOCAL_DAY = `${LOCAL_NOW}::date`;

/**
 * SQL, of a batch `b`: whether it is within the hours and on a day at which its texts may leave, by the database's clock in
 * Vietnam's time.
 */
const WINDOW_IS_OPEN = `(b.window_from is null or (
  ${LOCAL_NOW}::time >= b.window_from and ${LOCAL_NOW}::time < b.window_to
  and extract(isodow from ${LOCAL_NOW})::smallint = any(b.window_days)
  and (b.on_holidays or not ${sqlIsHoliday(LOCAL_DAY)})))`;

/** SQL, of a batch `b`: whether texts of it may leave at this instant. How many of them, `released_to` says. */
export const BATCH_IS_OPEN = `b.state = 'released' and b.not_before <= now()
  and (b.deadline is null or b.deadline > now()) and ${WINDOW_IS_OPEN}`;
