import { Injectable } from '@nestjs/common';
import { appendAudit } from '../audit';
import { CalendarChanges, holdCalendar } from '../calendar';
import { Clock, formatLocalTime, parseLocalTime } from '../platform/clock';
import { Database } from '../platform/database/database';
import type { Actor } from '../platform/http/actor';
import { Page, toPage } from '../platform/http/paging';
import { maskPhone, readPhone } from '../subscribers';
import { dueAt } from './due-time';
import { receivedInFuture, receivedUnreadable, requestAnswered, requestNotFound } from './privacy-faults';
import type { RecordRequestDto, RequestsQuery } from './requests.dto';
import { findRequests, RequestRow } from './requests.read-model';
import { answerRequest, insertRequest, moveDueTimes, requestExists } from './requests.store';

/** A request as people see it. Times are Vietnam time. */
export type RequestView = Omit<RequestRow, 'receivedAt' | 'dueAt' | 'answeredAt'> & {
  readonly receivedAt: string;
  readonly dueAt: string;
  readonly answeredAt: string | null;
};

/** The register of citizens' requests, with the clock that runs on each. */
@Injectable()
export class RequestsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    calendarChanges: CalendarChanges,
  ) {
    calendarChanges.listen(moveDueTimes);
  }

  /** @throws receivedUnreadable, receivedInFuture, the faults of a number */
  async record(actor: Actor, facts: RecordRequestDto): Promise<RequestView> {
    const now = this.clock.now();
    const receivedAt = facts.receivedAt === undefined ? now : parseLocalTime(facts.receivedAt);
    if (!receivedAt) throw receivedUnreadable();
    if (receivedAt > now) throw receivedInFuture();
    const phone = facts.phone === undefined ? null : readPhone(facts.phone);
    const id = await this.database.transaction(async (tx) => {
      const { kind, channel, name = null, text } = facts;
      const due = dueAt(receivedAt, await holdCalendar(tx));
      const request = { kind, channel, receivedAt, dueAt: due, phone, name, text, recordedBy: actor.id };
      const recorded = await insertRequest(tx, request);
      const details = { kind, channel, dueAt: formatLocalTime(due) };
      await appendAudit(tx, { actor, act: 'request.record', subject: `request:${recorded}`, details });
      return recorded;
    });
    return this.one(actor, id);
  }

  /** @throws requestNotFound, requestAnswered */
  async answer(actor: Actor, id: number, text: string): Promise<RequestView> {
    await this.database.transaction(async (tx) => {
      const isAnswered = await answerRequest(tx, id, { text, by: actor.id, at: this.clock.now() });
      if (!isAnswered) throw (await requestExists(tx, id)) ? requestAnswered({ id }) : requestNotFound({ id });
      await appendAudit(tx, { actor, act: 'request.answer', subject: `request:${id}` });
    });
    return this.one(actor, id);
  }

  /** @throws requestNotFound */
  async one(actor: Actor, id: number): Promise<RequestView> {
    const [row] = await findRequests(this.database, { id, now: this.clock.now(), after: 0, limit: 1 });
    if (!row) throw requestNotFound({ id });
    const [view] = await this.show(actor, [row]);
    return view!;
  }

  async find(actor: Actor, query: RequestsQuery & { limit: number }): Promise<Page<RequestView>> {
    const { limit, after = 0, state, overdue } = query;
    const filter = { state, overdue, now: this.clock.now(), after, limit: limit + 1 };
    const page = toPage(await findRequests(this.database, filter), limit, ({ id }) => id);
    return { ...page, items: await this.show(actor, page.items) };
  }

  /** Who may not see numbers sees what is asked and until when, not by whom; who may is put on record. */
  private async show(actor: Actor, rows: readonly RequestRow[]): Promise<RequestView[]> {
    const mayKnow = actor.permissions.has('phones.read');
    const named = rows.filter(({ phone }) => phone !== null).length;
    if (mayKnow && named > 0) {
      await this.database.transaction((tx) =>
        appendAudit(tx, { actor, act: 'requests.view-phones', subject: 'requests', details: { count: named } }),
      );
    }
    return rows.map((row) => inLocalTime(mayKnow ? row : withoutPerson(row)));
  }
}

function withoutPerson(row: RequestRow): RequestRow {
  return { ...row, phone: row.phone === null ? null : maskPhone(row.phone), name: null, text: null, answer: null };
}

function inLocalTime({ receivedAt, dueAt: due, answeredAt, ...row }: RequestRow): RequestView {
  return {
    ...row,
    receivedAt: formatLocalTime(receivedAt),
    dueAt: formatLocalTime(due),
    answeredAt: answeredAt && formatLocalTime(answeredAt),
  };
}
