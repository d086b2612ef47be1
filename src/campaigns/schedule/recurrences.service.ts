import { Injectable } from '@nestjs/common';
import { appendAudit } from '../../audit';
import { Clock, formatLocalTime, localDay } from '../../platform/clock';
import { Database, type Transaction } from '../../platform/database/database';
import { type Actor, SYSTEM } from '../../platform/http/actor';
import { type Page, toPage } from '../../platform/http/paging';
import { campaignNotFound } from '../campaign-faults';
import { type CampaignDraft, insertDraft, readAudience, readCampaign } from '../campaigns.store';
import { dueDays, type RecurrencePlan, startOf, upcoming } from './recurrence';
import {
  lastDayTooEarly,
  nothingRecurs,
  onlyNoticesRecur,
  recurrenceEnded,
  recurrenceNotFound,
} from './recurrence-faults';
import { daysMade, findRecurrences, newerVersion, type RecurrenceRow } from './recurrences.read-model';
import { endRecurrence, insertRecurrence, lockRecurrence, openRecurrences, type Recurrence } from './recurrences.store';

/** A recurrence as people see it. Times are Vietnam time. */
export type RecurrenceView = Omit<RecurrenceRow, 'createdAt' | 'endedAt'> & {
  readonly createdAt: string;
  readonly endedAt: string | null;
  /** The next days on which it comes, at most five; none once it has ended. */
  readonly upcoming: readonly string[];
};

const UPCOMING_SHOWN = 5;

/** Campaigns that come again: who makes and ends a recurrence, and the drafts it makes. */
@Injectable()
export class RecurrencesService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws campaignNotFound, onlyNoticesRecur, lastDayTooEarly, nothingRecurs */
  async create(actor: Actor, campaignId: number, plan: RecurrencePlan): Promise<RecurrenceView> {
    const { rule, firstDay, lastDay } = plan;
    if (lastDay !== null && lastDay < firstDay) throw lastDayTooEarly();
    if (upcoming(plan, this.clock.now()).length === 0) throw nothingRecurs();
    if (actor.personId === null) throw new Error('a recurrence needs a person who is answerable for its drafts');
    const author = { id: actor.id, person: actor.personId };
    const id = await this.database.transaction(async (tx) => {
      const campaign = await readCampaign(tx, campaignId);
      if (!campaign) throw campaignNotFound({ id: campaignId });
      if (campaign.kind !== 'notice') throw onlyNoticesRecur();
      const made = await insertRecurrence(tx, campaignId, plan, author);
      const details = { campaign: campaignId, kind: rule.kind };
      await appendAudit(tx, { actor, act: 'recurrence.create', subject: `recurrence:${made}`, details });
      return made;
    });
    return this.one(id);
  }

  /** Drafts that were made stay; no further ones are. @throws recurrenceNotFound, recurrenceEnded */
  async end(actor: Actor, id: number): Promise<RecurrenceView> {
    await this.database.transaction(async (tx) => {
      const recurrence = await lockRecurrence(tx, id);
      if (!recurrence) throw recurrenceNotFound({ id });
      if (recurrence.endedAt) throw recurrenceEnded({ id });
      await endRecurrence(tx, id, actor.id, this.clock.now());
      await appendAudit(tx, { actor, act: 'recurrence.end', subject: `recurrence:${id}` });
    });
    return this.one(id);
  }

  async find({ after, limit }: { after?: number; limit: number }): Promise<Page<RecurrenceView>> {
    const page = toPage(
      await findRecurrences(this.database, { before: after, limit: limit + 1 }),
      limit,
      ({ id }) => id,
    );
    return { ...page, items: page.items.map((row) => this.show(row)) };
  }

  /** Recurrences for which a draft may be due. */
  open(): Promise<number[]> {
    return openRecurrences(this.database, localDay(this.clock.now()));
  }

  /**
   * Makes the drafts of one recurrence that should exist by now and do not. Whoever comes second waits for the lock and
   * finds them made, so that a day never gets two. @returns the new campaigns
   */
  makeDrafts(id: number): Promise<number[]> {
    return this.database.transaction(async (tx) => {
      const recurrence = await lockRecurrence(tx, id);
      if (!recurrence || recurrence.endedAt) return [];
      const made = await daysMade(tx, id);
      const missing = dueDays(recurrence, this.clock.now()).filter((day) => !made.has(day));
      const drafts: number[] = [];
      for (const day of missing) drafts.push(await this.makeDraft(tx, recurrence, day));
      return drafts;
    });
  }

  private async makeDraft(tx: Transaction, recurrence: Recurrence, day: string): Promise<number> {
    const { id, campaignId, ownerPerson } = recurrence;
    const source = (await readCampaign(tx, campaignId))!;
    const draft = freshDraft({ ...source, ...(await readAudience(tx, campaignId)) }, recurrence, day);
    const author = { id: `user:${ownerPerson}`, person: ownerPerson };
    const made = await insertDraft(tx, draft, author, { recurrence: { id, day }, editors: source.editorPersons });
    const details = { recurrence: id, campaign: campaignId, day, newerVersion: await newerVersion(tx, campaignId) };
    await appendAudit(tx, { actor: SYSTEM, act: 'recurrence.draft', subject: `campaign:${made}`, details });
    return made;
  }

  private async one(id: number): Promise<RecurrenceView> {
    const [row] = await findRecurrences(this.database, { id, limit: 1 });
    return this.show(row!);
  }

  private show({ createdAt, endedAt, ...row }: RecurrenceRow): RecurrenceView {
    return {
      ...row,
      createdAt: formatLocalTime(createdAt),
      endedAt: endedAt && formatLocalTime(endedAt),
      upcoming: endedAt ? [] : upcoming(row, this.clock.now()).slice(0, UPCOMING_SHOWN),
    };
  }
}

const LONGEST_NAME = 200;

/**
 * The content of a campaign for another day. What somebody decided for that one campaign alone does not go along: rules set
 * aside, and the document behind it; a new draft needs its own, as it needs its own approval.
 */
function freshDraft(source: CampaignDraft, plan: RecurrencePlan, day: string): CampaignDraft {
  const startsAt = startOf(plan, day);
  const { startsAt: before, deadline } = source;
  const [year, month, date] = day.split('-').map(Number);
  const suffix = ` (${date}/${month}/${year})`;
  return {
    ...source,
    name:
      Array.from(source.name)
        .slice(0, LONGEST_NAME - suffix.length)
        .join('') + suffix,
    startsAt,
    deadline: deadline && new Date(startsAt.getTime() + deadline.getTime() - before.getTime()),
    overrides: {},
    documentId: null,
  };
}
