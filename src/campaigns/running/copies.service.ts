import { Injectable } from '@nestjs/common';
import { appendAudit } from '../../audit';
import { type BatchFigures, batchFigures } from '../../delivery';
import { Clock } from '../../platform/clock';
import { Database, type Queries, type Transaction } from '../../platform/database/database';
import type { Actor } from '../../platform/http/actor';
import { TemplatesService } from '../../templates';
import { campaignNotFound } from '../campaign-faults';
import {
  type Campaign,
  type CampaignDraft,
  type DraftOrigin,
  insertDraft,
  lockCampaign,
  readAudience,
} from '../campaigns.store';
import { DraftReader } from '../draft-reader';
import type { AreaValues } from '../plan';
import { livingResend } from './linked.read-model';
import { linkedNotCloned, nothingFailed, nothingReached, originNotEnded, resendExists } from './running-faults';
import type { CopyCampaignDto, CorrectionDto } from './running.dto';

/** The longest name a campaign has, as in CreateCampaignDto. */
const LONGEST_NAME = 200;

const reachedBy = ({ accepted, unknown, sending }: BatchFigures): number => accepted + unknown + sending;

type Values = Readonly<Record<string, string>>;

/** Drafts made of another campaign: a clone, a resend of what failed, a correction. Each needs its own approval. */
@Injectable()
export class CopiesService {
  constructor(
    private readonly database: Database,
    private readonly drafts: DraftReader,
    private readonly templates: TemplatesService,
    private readonly clock: Clock,
  ) {}

  /**
   * The same once more, in whatever state the campaign is. Neither its document nor the rules it set aside: those are of one
   * act, and have to be given anew.
   *
   * @throws linkedNotCloned
   */
  async clone(actor: Actor, id: number, dto: CopyCampaignDto): Promise<number> {
    return this.copy(actor, id, 'campaign.clone', async (tx, origin) => {
      if (origin.kind !== 'notice') throw linkedNotCloned({ originId: origin.originId! });
      const draft = await this.read(tx, origin, 'Bản sao: ', dto);
      return { draft, from: { clonedFrom: id }, details: { from: id } };
    });
  }

  /** @throws originNotEnded, nothingFailed, resendExists */
  async resendFailed(actor: Actor, id: number, dto: CopyCampaignDto): Promise<number> {
    return this.copy(actor, id, 'campaign.resend-failed', async (tx, origin) => {
      if (origin.state !== 'completed' && origin.state !== 'cancelled') throw originNotEnded({ id });
      const failed = (await figuresOf(tx, origin.batchId))?.failed ?? 0;
      if (failed === 0) throw nothingFailed({ id });
      await refuseSecondResend(tx, id);
      return {
        draft: await this.read(tx, origin, 'Gửi lại: ', dto),
        from: { kind: 'resend', originId: id },
        details: { origin: id, failed },
      };
    });
  }

  /**
   * A correction goes to all at once, before all others: no first wave, nothing spread.
   *
   * @throws nothingReached
   */
  async correct(actor: Actor, id: number, dto: CorrectionDto): Promise<number> {
    return this.copy(actor, id, 'campaign.correct', async (tx, origin) => {
      const figures = origin.startedAt && (await figuresOf(tx, origin.batchId));
      const reached = figures ? reachedBy(figures) : 0;
      if (reached === 0) throw nothingReached({ id });
      const { variables } = await this.templates.version(dto.templateVersionId, tx);
      const fits = (name: string): boolean => variables[name]?.source === 'campaign';
      const corrected = {
        ...origin,
        values: only(fits, origin.values),
        areaValues: areaValuesOnly(fits, origin.areaValues),
        schedule: { ...origin.schedule, firstWave: null, spreadMinutes: null },
      };
      return {
        draft: await this.read(tx, corrected, 'Đính chính: ', dto),
        from: { kind: 'correction', originId: id },
        details: { origin: id, reached },
      };
    });
  }

  /** Locks the origin, so that two cannot make the same of it at once. */
  private async copy(
    actor: Actor,
    id: number,
    act: string,
    work: (tx: Transaction, origin: Campaign) => Promise<Copy>,
  ): Promise<number> {
    return this.database.transaction(async (tx) => {
      const origin = await lockCampaign(tx, id);
      if (!origin) throw campaignNotFound({ id });
      const { draft, from, details } = await work(tx, origin);
      const author = { id: actor.id, person: actor.personId };
      const copyId = await insertDraft(tx, draft, author, { ...from, editors: origin.editorPersons });
      await appendAudit(tx, { actor, act, subject: `campaign:${copyId}`, details });
      return copyId;
    });
  }

  /** Starts when the origin does, or now if that is past; a deadline keeps its distance from the start. */
  private async read(
    tx: Transaction,
    origin: Campaign,
    prefix: string,
    changes: CopyCampaignDto | CorrectionDto,
  ): Promise<CampaignDraft> {
    const now = this.clock.now();
    const { startsAt, deadline } = origin;
    const named = prefix + origin.name;
    const base: Campaign = {
      ...origin,
      name:
        Array.from(named).length > LONGEST_NAME
          ? Array.from(named)
              .slice(0, LONGEST_NAME - 1)
              .join('') + '…'
          : named,
      startsAt: startsAt > now ? startsAt : now,
      deadline: null,
      overrides: {},
      documentId: null,
    };
    const draft = await this.drafts.readChanges(tx, base, await readAudience(tx, origin.id), changes);
    const allowedMs = deadline && deadline.getTime() - startsAt.getTime();
    return { ...draft, deadline: allowedMs === null ? null : new Date(draft.startsAt.getTime() + allowedMs) };
  }
}

interface Copy {
  readonly draft: CampaignDraft;
  readonly from: DraftOrigin;
  readonly details: Readonly<Record<string, number>>;
}

async function figuresOf(queries: Queries, batchId: number | null): Promise<BatchFigures | undefined> {
  return batchId === null ? undefined : (await batchFigures(queries, [batchId])).get(batchId);
}

/** One that was cancelled half-way is no obstacle: whom it reached is left out of the next one. */
async function refuseSecondResend(tx: Transaction, originId: number): Promise<void> {
  const resendId = await livingResend(tx, originId);
  if (resendId !== undefined) throw resendExists({ id: originId, resendId });
}

function only(fits: (name: string) => boolean, values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => fits(name)));
}

function areaValuesOnly(fits: (name: string) => boolean, areaValues: readonly AreaValues[]): AreaValues[] {
  return areaValues
    .map(({ areaIds, values }) => ({ areaIds, values: only(fits, values) }))
    .filter(({ values }) => Object.keys(values).length > 0);
}
