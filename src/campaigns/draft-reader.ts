import { Injectable } from '@nestjs/common';
import { DEFAULT_WINDOW, type SendingWindow } from '../calendar';
import { GatewayRegistry } from '../delivery';
import { localDay, parseLocalTime } from '../platform/clock';
import { Database, type Queries, type Transaction } from '../platform/database/database';
import { areasWithPredecessors } from '../subscribers';
import { readTextValues, TemplatesService } from '../templates';
import { readDocument } from './approval/official-documents.read-model';
import type { AreaValuesDto, CreateCampaignDto, OverridesDto, ScheduleDto } from './campaign.dto';
import {
  areaValuesOverlap,
  audienceIsLinked,
  deadlineBeforeStart,
  firstWaveUnclear,
  gatewayTwice,
  listBothWays,
  startTimeUnreadable,
  unknownGateway,
  unknownReference,
  uselessValue,
} from './campaign-faults';
import type { Campaign, CampaignDraft, ChosenAudience } from './campaigns.store';
import { type AreaValues, type Overrides, type Route, routesOf, type Schedule } from './plan';

/** An office that says nothing is kept from burning its budget on a list of dead numbers. */
const DEFAULT_HALT = { failures: 100, percent: 20 };

/** Turns what staff typed into a draft whose every reference exists. */
@Injectable()
export class DraftReader {
  constructor(
    private readonly database: Database,
    private readonly templates: TemplatesService,
    private readonly gateways: GatewayRegistry,
  ) {}

  /** @throws startTimeUnreadable, unknownReference, unknownGateway, uselessValue and the other rules of a draft */
  async read(dto: CreateCampaignDto): Promise<CampaignDraft> {
    return this.check(this.database, {
      name: dto.name.normalize('NFC').trim(),
      templateVersionId: dto.templateVersionId,
      values: readTextValues('values', dto.values ?? {}),
      areaValues: readAreaValues(dto.areaValues ?? []),
      listIds: dto.listIds,
      exceptListIds: dto.exceptListIds ?? [],
      areaIds: dto.areaIds ?? [],
      gateway: dto.gateway ?? this.gateways.names[0]!,
      sender: dto.sender,
      alternatives: readRoutes(dto.alternatives ?? []),
      accented: dto.accented,
      startsAt: readTime('startsAt', dto.startsAt),
      deadline: readDeadline(dto.deadline),
      schedule: readSchedule(dto.schedule ?? {}),
      overrides: readOverrides(dto.overrides ?? {}),
      documentId: dto.documentId ?? null,
    });
  }

  /** Fields left out stay as they are. Reads in the caller's transaction, which must not wait for a second connection. */
  async readChanges(
    tx: Transaction,
    campaign: Campaign,
    audience: ChosenAudience,
    changes: Partial<CreateCampaignDto>,
  ): Promise<CampaignDraft> {
    const { listIds, exceptListIds, areaIds } = changes;
    if (campaign.kind !== 'notice' && (listIds ?? exceptListIds ?? areaIds)) throw audienceIsLinked();
    return this.check(tx, {
      name: changes.name?.normalize('NFC').trim() ?? campaign.name,
      templateVersionId: changes.templateVersionId ?? campaign.templateVersionId,
      values: changes.values ? readTextValues('values', changes.values) : campaign.values,
      areaValues: changes.areaValues ? readAreaValues(changes.areaValues) : campaign.areaValues,
      listIds: listIds ?? audience.listIds,
      exceptListIds: exceptListIds ?? audience.exceptListIds,
      areaIds: areaIds ?? audience.areaIds,
      gateway: changes.gateway ?? campaign.gateway,
      sender: changes.sender ?? campaign.sender,
      alternatives: changes.alternatives ? readRoutes(changes.alternatives) : campaign.alternatives,
      accented: changes.accented ?? campaign.accented,
      startsAt: changes.startsAt === undefined ? campaign.startsAt : readTime('startsAt', changes.startsAt),
      deadline: changes.deadline === undefined ? campaign.deadline : readDeadline(changes.deadline),
      schedule: changes.schedule ? readSchedule(changes.schedule, campaign.schedule) : campaign.schedule,
      overrides: changes.overrides ? readOverrides(changes.overrides) : campaign.overrides,
      documentId: changes.documentId === undefined ? campaign.documentId : changes.documentId,
    });
  }

  private async check(queries: Queries, draft: CampaignDraft): Promise<CampaignDraft> {
    const version = await this.templates.version(draft.templateVersionId, queries);
    const given = [{ field: 'values', values: draft.values }].concat(
      draft.areaValues.map(({ values }, index) => ({ field: `areaValues[${index}].values`, values })),
    );
    for (const { field, values } of given) {
      for (const name of Object.keys(values)) {
        if (version.variables[name]?.source !== 'campaign') throw uselessValue({ name }, { field: `${field}.${name}` });
      }
    }
    this.checkRoutes(draft);
    if (draft.deadline && draft.deadline <= draft.startsAt) throw deadlineBeforeStart();
    const both = draft.listIds.find((id) => draft.exceptListIds.includes(id));
    if (both !== undefined) throw listBothWays({ id: both });
    await checkExist(queries, 'subscriber_lists', 'list', 'listIds', draft.listIds);
    await checkExist(queries, 'subscriber_lists', 'list', 'exceptListIds', draft.exceptListIds);
    await checkExist(queries, 'areas', 'area', 'areaIds', draft.areaIds);
    await checkAreaValues(queries, draft.areaValues);
    if (draft.documentId !== null && !(await readDocument(queries, draft.documentId))) {
      throw unknownReference({ what: 'official document', id: draft.documentId }, { field: 'documentId' });
    }
    return draft;
  }

  private checkRoutes(draft: CampaignDraft): void {
    const names = this.gateways.names;
    const taken = new Set<string>();
    for (const [index, { gateway }] of routesOf(draft).entries()) {
      const field = index === 0 ? 'gateway' : `alternatives[${index - 1}].gateway`;
      if (!names.includes(gateway)) throw unknownGateway({ names: names.join(', ') }, { field });
      if (taken.has(gateway)) throw gatewayTwice({ gateway }, { field });
      taken.add(gateway);
    }
  }
}

/** `table` is one of ours, never from input. */
async function checkExist(
  queries: Queries,
  table: 'subscriber_lists' | 'areas',
  what: string,
  field: string,
  ids: readonly number[],
): Promise<void> {
  const row = await queries.row<{ id: number }>(
    `select id from unnest($1::int[]) id where not exists (select from ${table} t where t.id = id.id) limit 1`,
    [ids],
  );
  if (row) throw unknownReference({ what, id: row.id }, { field });
}

/** Nobody may be able to get two different values: not by an area, nor by what it was made of. */
async function checkAreaValues(queries: Queries, areaValues: readonly AreaValues[]): Promise<void> {
  const taken = new Set<number>();
  for (const [index, { areaIds }] of areaValues.entries()) {
    const field = `areaValues[${index}].areaIds`;
    await checkExist(queries, 'areas', 'area', field, areaIds);
    const all = await areasWithPredecessors(queries, areaIds);
    const twice = all.find((id) => taken.has(id));
    if (twice !== undefined) throw areaValuesOverlap({ id: twice }, { field });
    for (const id of all) taken.add(id);
  }
}

/** Not as it came: an object of a class, whose keys may be in any order. */
function readRoutes(routes: readonly Route[]): Route[] {
  return routes.map(({ gateway, sender }) => ({ gateway, sender }));
}

function readAreaValues(entries: readonly AreaValuesDto[]): AreaValues[] {
  return entries.map(({ areaIds, values }, index) => ({
    areaIds,
    values: readTextValues(`areaValues[${index}].values`, values),
  }));
}

/** What is left out stays as it was, and is what most offices want where nothing was. */
function readSchedule(dto: ScheduleDto, before?: Schedule): Schedule {
  const { window, spreadMinutes, misfire, firstWave, halt } = dto;
  const given = <T>(value: T | undefined, otherwise: T): T => (value === undefined ? otherwise : value);
  return {
    window: window ? plainWindow(window) : (before?.window ?? DEFAULT_WINDOW),
    spreadMinutes: given(spreadMinutes, before?.spreadMinutes ?? null),
    misfire: misfire ?? before?.misfire ?? 'ask',
    firstWave: firstWave === undefined ? (before?.firstWave ?? null) : firstWave && readFirstWave(firstWave),
    halt: given(halt && { failures: halt.failures, percent: halt.percent }, before ? before.halt : DEFAULT_HALT),
  };
}

function plainWindow({ from, to, days, onHolidays }: SendingWindow): SendingWindow {
  return { from, to, days: [...days].sort(), onHolidays };
}

function readFirstWave({ recipients, percent }: { recipients?: number; percent?: number }): Schedule['firstWave'] {
  if ((recipients === undefined) === (percent === undefined)) throw firstWaveUnclear();
  return percent === undefined ? { recipients: recipients! } : { percent };
}

function readOverrides(dto: OverridesDto): Overrides {
  const reasons = Object.entries(dto).filter(([, reason]) => reason !== undefined) as [keyof Overrides, string][];
  return Object.fromEntries(reasons.map(([rule, reason]) => [rule, reason.normalize('NFC').trim()]));
}

function readDeadline(text: string | null | undefined): Date | null {
  return text === undefined || text === null ? null : readTime('deadline', text);
}

/** As days are entered elsewhere: 400 days of calendar after the last year of four digits could not be written. */
const OF_THESE_CENTURIES = /^(19|20)\d\d-/;

function readTime(field: string, text: string): Date {
  const at = parseLocalTime(text);
  if (!at || !OF_THESE_CENTURIES.test(localDay(at))) throw startTimeUnreadable({}, { field });
  return at;
}
