/** When texts may leave, in Vietnam's time. */
export interface SendingWindow {
  /** `07:00`. */
  readonly from: string;
  /** `21:00`: the first minute at which nothing leaves any more; later than `from`. */
  readonly to: string;
  /** ISO days: 1 Monday … 7 Sunday; at least one. */
  readonly days: readonly number[];
  /** Whether public holidays count as any other day. */
  readonly onHolidays: boolean;
}

/**
 * The hours at which an office rings at people's doors. Stricter than the law asks of advertising, 7 to 22 hours (Decree
 * 91/2020/NĐ-CP, Art. 13), which these texts are not.
 */
export const DEFAULT_WINDOW: SendingWindow = {
  from: '07:00',
  to: '21:00',
  days: [1, 2, 3, 4, 5, 6, 7],
  onHolidays: false,
};
