import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/database';
import type { NamedDay } from './calendar.store';

/** What has to be done in the transaction that changes the calendar, given all its days as they now are. */
export type CalendarListener = (tx: Transaction, days: readonly NamedDay[]) => Promise<void>;

/** Where parts that reckon with days off say what must follow a change, without the calendar knowing them. */
@Injectable()
export class CalendarChanges {
  private readonly listeners: CalendarListener[] = [];

  /** Once, when the service starts. */
  listen(listener: CalendarListener): void {
    this.listeners.push(listener);
  }

  async tell(tx: Transaction, days: readonly NamedDay[]): Promise<void> {
    for (const listener of this.listeners) await listener(tx, days);
  }
}
