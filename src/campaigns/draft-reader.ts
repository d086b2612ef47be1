import { Injectable } from '@nestjs/common';
import { GatewayRegistry } from '../delivery';
import { Clock, parseLocalTime } from '../platform/clock';
import { Database, type Queries, type Transaction } from '../platform/database/database';
import { readTextValues, TemplatesService } from '../templates';
import type { CreateCampaignDto } from './campaign.dto';
import { startTimeUnreadable, unknownGateway, unknownReference, uselessValue } from './campaign-faults';
import type { Campaign, CampaignDraft } from './campaigns.store';

/** Turns what staff typed into a draft whose every reference exists. */
@Injectable()
export class DraftReader {
  constructor(
    private readonly database: Database,
    private readonly templates: TemplatesService,
    private readonly gateways: GatewayRegistry,
    private readonly clock: Clock,
  ) {}

  /** @throws startTimeUnreadable, unknownReference, unknownGateway, uselessValue */
  async read(dto: CreateCampaignDto): Promise<CampaignDraft> {
    return this.check(this.database, {
      name: dto.name.normalize('NFC').trim(),
      templateVersionId: dto.templateVersionId,
      values: readTextValues('values', dto.values ?? {}),
      listIds: dto.listIds,
      areaIds: dto.areaIds ?? [],
      gateway: dto.gateway ?? this.gateways.names[0]!,
      sender: dto.sender,
      accented: dto.accented,
      startsAt: readStart(dto.startsAt),
    });
  }

  /** Fields left out stay as they are. Reads in the caller's transaction, which must not wait for a second connection. */
  async readChanges(
    tx: Transaction,
    campaign: Campaign,
    audience: { listIds: readonly number[]; areaIds: readonly number[] },
    changes: Partial<CreateCampaignDto>,
  ): Promise<CampaignDraft> {
    const { name, templateVersionId, values, gateway, sender, accented, startsAt } = campaign;
    return this.check(tx, {
      name: changes.name?.normalize('NFC').trim() ?? name,
      templateVersionId: changes.templateVersionId ?? templateVersionId,
      values: changes.values ? readTextValues('values', changes.values) : values,
      listIds: changes.listIds ?? audience.listIds,
      areaIds: changes.areaIds ?? audience.areaIds,
      gateway: changes.gateway ?? gateway,
      sender: changes.sender ?? sender,
      accented: changes.accented ?? accented,
      startsAt: changes.startsAt === undefined ? startsAt : readStart(changes.startsAt),
    });
  }

  private async check(queries: Queries, draft: CampaignDraft): Promise<CampaignDraft> {
    const version = await this.templates.version(draft.templateVersionId, queries);
    for (const name of Object.keys(draft.values)) {
      if (version.variables[name]?.source !== 'campaign') throw uselessValue({ name }, { field: `values.${name}` });
    }
    const names = this.gateways.names;
    if (!names.includes(draft.gateway)) throw unknownGateway({ names: names.join(', ') });
    await checkExist(queries, 'subscriber_lists', 'list', 'listIds', draft.listIds);
    await checkExist(queries, 'areas', 'area', 'areaIds', draft.areaIds);
    return draft;
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

function readStart(text: string): Date {
  const at = parseLocalTime(text);
  if (!at) throw startTimeUnreadable();
  return at;
}
