import { Injectable } from '@nestjs/common';
import { appendAudit } from '../audit';
import { deleteHeldBatch, moveBatch, verifyBatch } from '../delivery';
import { Clock } from '../platform/clock';
import { Config } from '../platform/config';
import { Database, Transaction } from '../platform/database/database';
import type { Actor } from '../platform/http/actor';
import { TemplatesService } from '../templates';
import {
  actNotAllowed,
  authorCannotApprove,
  campaignChanged,
  campaignNotFound,
  contentDiffers,
} from './campaign-faults';
import type { CreateCampaignDto, EditCampaignDto } from './campaign.dto';
import {
  Campaign,
  CampaignMarks,
  insertDraft,
  lockCampaign,
  moveCampaign,
  readAudience,
  replaceDraft,
} from './campaigns.store';
import { DraftReader } from './draft-reader';
import { CampaignAct, nextState } from './lifecycle';
import { contentHashOf, submitCampaign } from './submission';

/** What an approval or a submission leaves behind when it is voided. */
const UNSUBMITTED: CampaignMarks = {
  batch_id: null,
  content_hash: null,
  submitted_by: null,
  submitted_person: null,
  submitted_at: null,
  left_out_opted_out: null,
  left_out_unreachable: null,
  approved_by: null,
  approved_at: null,
};

/** The acts of people on campaigns. Each locks the campaign, checks the table of its life, acts and is put on record. */
@Injectable()
export class CampaignsService {
  constructor(
    private readonly database: Database,
    private readonly templates: TemplatesService,
    private readonly drafts: DraftReader,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  async create(actor: Actor, dto: CreateCampaignDto): Promise<number> {
    const draft = await this.drafts.read(dto);
    return this.database.transaction(async (tx) => {
      const id = await insertDraft(tx, draft, { id: actor.id, person: actor.personId });
      await appendAudit(tx, { actor, act: 'campaign.create', subject: `campaign:${id}` });
      return id;
    });
  }

  /** Any edit voids the approval and deletes the rows that were rendered for it. */
  async edit(actor: Actor, id: number, { revision, ...changes }: EditCampaignDto): Promise<void> {
    await this.act(actor, id, 'edit', async (tx, campaign) => {
      if (campaign.revision !== revision) throw campaignChanged({ revision: campaign.revision });
      const draft = await this.drafts.readChanges(tx, campaign, await readAudience(tx, id), changes);
      await replaceDraft(tx, id, draft, actor.personId);
      return { marks: { ...UNSUBMITTED, rejected_reason: null }, dropBatch: true };
    });
  }

  async submit(actor: Actor, id: number): Promise<void> {
    await this.act(actor, id, 'submit', async (tx, campaign) => {
      const version = await this.templates.version(campaign.templateVersionId, tx);
      const leftOutAfter = this.config.NUMBER_LEFT_OUT_AFTER;
      const { batch, contentHash, ...size } = await submitCampaign(tx, campaign, version, leftOutAfter);
      return {
        marks: {
          batch_id: batch.id,
          content_hash: contentHash,
          submitted_by: actor.id,
          submitted_person: actor.personId,
          submitted_at: this.clock.now(),
          rejected_reason: null,
          left_out_opted_out: size.optedOut,
          left_out_unreachable: size.unreachable,
        },
        details: { ...size, segments: batch.segments, contentHash },
      };
    });
  }

  /** @throws authorCannotApprove, contentDiffers */
  async approve(actor: Actor, id: number, contentHash: string): Promise<void> {
    await this.act(actor, id, 'approve', async (tx, campaign) => {
      const { personId } = actor;
      const isOwn = personId === null || [...campaign.editorPersons, campaign.submittedPerson].includes(personId);
      if (isOwn) throw authorCannotApprove();
      await this.checkContent(tx, campaign, contentHash);
      return { marks: { approved_by: actor.id, approved_at: this.clock.now() }, details: { contentHash } };
    });
  }

  async reject(actor: Actor, id: number, reason: string): Promise<void> {
    await this.act(actor, id, 'reject', async () => ({
      marks: { ...UNSUBMITTED, rejected_reason: reason },
      dropBatch: true,
    }));
  }

  async pause(actor: Actor, id: number): Promise<void> {
    await this.act(actor, id, 'pause', async (tx, campaign) => {
      if (campaign.startedAt) await moveBatch(tx, campaign.batchId!, 'paused');
      return {};
    });
  }

  async resume(actor: Actor, id: number): Promise<void> {
    await this.act(actor, id, 'resume', async (tx, campaign) => {
      if (campaign.startedAt) await moveBatch(tx, campaign.batchId!, 'released');
      return {};
    });
  }

  /** What was not handed over stays unsent; what is in flight cannot be called back. */
  async cancel(actor: Actor, id: number): Promise<void> {
    await this.act(actor, id, 'cancel', async (tx, campaign) => {
      if (!campaign.startedAt) return { marks: { batch_id: null }, dropBatch: true };
      await moveBatch(tx, campaign.batchId!, 'cancelled');
      return {};
    });
  }

  /** The service's own act when the time has come: releases exactly what was approved. @throws batchNotIntact */
  async start(actor: Actor, id: number): Promise<void> {
    await this.act(actor, id, 'start', async (tx, campaign) => {
      await this.checkContent(tx, campaign, campaign.contentHash!);
      await moveBatch(tx, campaign.batchId!, 'released');
      return { marks: { started_at: this.clock.now() } };
    });
  }

  /** The service's own act when delivery has accounted for every message. */
  async complete(actor: Actor, id: number): Promise<void> {
    await this.act(actor, id, 'complete', async () => ({ marks: { completed_at: this.clock.now() } }));
  }

  /** @throws contentDiffers, batchNotIntact */
  private async checkContent(tx: Transaction, campaign: Campaign, seenHash: string): Promise<void> {
    const batch = await tx.row<{ digest: Buffer; size: number }>('select digest, size from batches where id = $1', [
      campaign.batchId,
    ]);
    if (!batch || contentHashOf(campaign, batch) !== seenHash) throw contentDiffers();
    await verifyBatch(tx, campaign.batchId!, batch.digest);
  }

  private async act(
    actor: Actor,
    id: number,
    act: CampaignAct,
    work: (tx: Transaction, campaign: Campaign) => Promise<Effect>,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const campaign = await lockCampaign(tx, id);
      if (!campaign) throw campaignNotFound({ id });
      const to = nextState(campaign.state, act, campaign.startedAt !== null);
      if (!to) throw actNotAllowed({ state: campaign.state, act });
      const { marks, dropBatch, details } = await work(tx, campaign);
      await moveCampaign(tx, id, { from: campaign.state, to }, marks);
      if (dropBatch && campaign.batchId !== null) await deleteHeldBatch(tx, campaign.batchId);
      await appendAudit(tx, { actor, act: `campaign.${act}`, subject: `campaign:${id}`, details });
    });
  }
}

interface Effect {
  readonly marks?: CampaignMarks;
  /** The rendered rows were never released and go. */
  readonly dropBatch?: boolean;
  readonly details?: Readonly<Record<string, string | number>>;
}
