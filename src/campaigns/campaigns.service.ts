import { Injectable } from '@nestjs/common';
import { appendAudit } from '../audit';
import { dearestPrice, deleteHeldBatch, moveBatch, verifyBatch } from '../delivery';
import { Clock } from '../platform/clock';
import { Database, Transaction } from '../platform/database/database';
import { type Actor, SYSTEM } from '../platform/http/actor';
import { readDocument } from './approval/official-documents.read-model';
import { forgetLeftOut } from './audience.store';
import {
  actNotAllowed,
  authorCannotApprove,
  campaignChanged,
  campaignNotFound,
  contentDiffers,
} from './campaign-faults';
import type { CreateCampaignDto, EditCampaignDto } from './campaign.dto';
import { ACT_WORDS, STATE_WORDS } from './campaign-words';
import {
  Campaign,
  CampaignMarks,
  insertDraft,
  lockCampaign,
  lockCampaignSoon,
  lockTopic,
  moveCampaign,
  readAudience,
  replaceDraft,
} from './campaigns.store';
import { DraftReader } from './draft-reader';
import { CampaignAct, nextState } from './lifecycle';
import { gatewaysOf, type PauseReason } from './plan';
import { CampaignPreparation } from './preparation';
import { keepReasons, keepRemark } from './remarks.store';
import { letGoOn } from './running/pause-what-must-stop';
import { contentHashOf, submitCampaign } from './submission';
import { SubmissionRules } from './submission-rules';

/** What an approval or a submission leaves behind when it is voided. */
const UNSUBMITTED: CampaignMarks = {
  batch_id: null,
  content_hash: null,
  submitted_by: null,
  submitted_person: null,
  submitted_at: null,
  audience: null,
  vnd_per_segment: null,
  approved_by: null,
  approved_at: null,
  approved_for_person: null,
};

/** The acts of people on campaigns. Each locks the campaign, checks the table of its life, acts and is put on record. */
@Injectable()
export class CampaignsService {
  constructor(
    private readonly database: Database,
    private readonly drafts: DraftReader,
    private readonly preparation: CampaignPreparation,
    private readonly rules: SubmissionRules,
    private readonly clock: Clock,
  ) {}

  async create(actor: Actor, dto: CreateCampaignDto): Promise<number> {
    const draft = await this.drafts.read(dto);
    return this.database.transaction(async (tx) => {
      const id = await insertDraft(tx, draft, { id: actor.id, person: actor.personId });
      await keepReasons(tx, id, { before: {}, after: draft.overrides, by: actor.id });
      const details = { overrides: Object.keys(draft.overrides).join(',') };
      await appendAudit(tx, { actor, act: 'campaign.create', subject: `campaign:${id}`, details });
      return id;
    });
  }

  /** Any edit voids the approval and deletes the rows that were rendered for it. */
  async edit(actor: Actor, id: number, { revision, ...changes }: EditCampaignDto): Promise<void> {
    await this.act(actor, id, 'edit', async (tx, campaign) => {
      if (campaign.revision !== revision) throw campaignChanged({ revision: campaign.revision });
      const draft = await this.drafts.readChanges(tx, campaign, await readAudience(tx, id), changes);
      await replaceDraft(tx, id, draft, actor.personId);
      await keepReasons(tx, id, { before: campaign.overrides, after: draft.overrides, by: actor.id });
      const details = { overrides: Object.keys(draft.overrides).join(',') };
      return { marks: { ...UNSUBMITTED, rejected_reason: null }, dropBatch: true, details };
    });
  }

  async submit(actor: Actor, id: number): Promise<void> {
    await this.act(actor, id, 'submit', async (tx, campaign) => {
      const textPlan = await this.preparation.textPlan(tx, campaign);
      const documentSha256 = await this.rules.check(tx, campaign, textPlan.version);
      await lockTopic(tx, textPlan.version.topic);
      const question = await this.preparation.question(tx, campaign, textPlan.version.topic);
      const { batch, audience } = await submitCampaign(tx, campaign, question, textPlan);
      const vndPerSegment = await dearestPrice(tx, gatewaysOf(campaign));
      const contentHash = contentHashOf({ ...campaign, vndPerSegment }, batch, documentSha256);
      return {
        marks: {
          batch_id: batch.id,
          content_hash: contentHash,
          submitted_by: actor.id,
          submitted_person: actor.personId,
          submitted_at: this.clock.now(),
          rejected_reason: null,
          audience: JSON.stringify(audience),
          vnd_per_segment: vndPerSegment,
        },
        details: { ...audience, segments: batch.segments, contentHash },
      };
    });
  }

  /** @throws authorCannotApprove, contentDiffers, templateExpired */
  async approve(actor: Actor, id: number, contentHash: string): Promise<void> {
    await this.act(actor, id, 'approve', async (tx, campaign) => {
      const { personId, standsInFor } = actor;
      const involved = [...campaign.editorPersons, campaign.submittedPerson];
      // Whoever stands in for somebody may do what that person may, and no more.
      const approversInvolved = [personId, ...standsInFor].some((person) => involved.includes(person));
      if (personId === null || approversInvolved) throw authorCannotApprove();
      await this.checkContent(tx, campaign, contentHash);
      await this.rules.checkStillValid(tx, campaign);
      const marks = {
        approved_by: actor.id,
        approved_at: this.clock.now(),
        approved_for_person: standsInFor[0] ?? null,
      };
      return { marks, details: { contentHash, ...(standsInFor[0] && { inPlaceOf: `user:${standsInFor[0]}` }) } };
    });
  }

  async reject(actor: Actor, id: number, reason: string): Promise<void> {
    await this.act(actor, id, 'reject', async (tx) => {
      await keepRemark(tx, id, { kind: 'rejection', reason, by: actor.id });
      return { marks: { ...UNSUBMITTED, rejected_reason: reason }, dropBatch: true };
    });
  }

  async pause(actor: Actor, id: number): Promise<void> {
    await this.act(actor, id, 'pause', async (tx, campaign) => {
      if (campaign.startedAt) await moveBatch(tx, campaign.batchId!, 'paused');
      return { marks: { pause_reason: 'person' } };
    });
  }

  /** After a first wave the rest follows; failures that were seen do not stop it again. @throws templateExpired */
  async resume(actor: Actor, id: number): Promise<void> {
    await this.act(actor, id, 'resume', async (tx, campaign) => {
      const { batchId, startedAt, pauseReason } = campaign;
      if (!startedAt) await this.rules.checkStillValid(tx, campaign);
      if (startedAt && batchId !== null) {
        await letGoOn(tx, { ...campaign, batchId });
        await moveBatch(tx, batchId, 'released');
      }
      const marks = { pause_reason: null, resumed_at: this.clock.now() };
      return { marks, details: { pausedFor: pauseReason ?? '' } };
    });
  }

  /** What was not handed over stays unsent; what is in flight cannot be called back. */
  async cancel(actor: Actor, id: number): Promise<void> {
    await this.act(actor, id, 'cancel', async (tx, campaign) => endUnsent(tx, campaign, 'person'));
  }

  /** The service's own act when the time has come: releases exactly what was approved. @throws batchNotIntact */
  async start(actor: Actor, id: number): Promise<void> {
    await this.act(actor, id, 'start', async (tx, campaign) => {
      await this.checkContent(tx, campaign, campaign.contentHash!);
      await moveBatch(tx, campaign.batchId!, 'released');
      return { marks: { started_at: this.clock.now() } };
    });
  }

  /** The service's own act on what it must not start by itself: a person decides. */
  async hold(actor: Actor, id: number, reason: PauseReason): Promise<void> {
    await this.act(actor, id, 'hold', async () => ({ marks: { pause_reason: reason }, details: { reason } }));
  }

  /** The service's own act on a campaign that is not to be sent late. */
  async skip(actor: Actor, id: number): Promise<void> {
    await this.act(actor, id, 'skip', async (tx, campaign) => endUnsent(tx, campaign, 'misfire'));
  }

  /** The service's own act when delivery has accounted for every message. */
  async complete(actor: Actor, id: number): Promise<void> {
    await this.act(actor, id, 'complete', async () => ({
      marks: { completed_at: this.clock.now(), pause_reason: null },
    }));
  }

  /** @throws contentDiffers, batchNotIntact */
  private async checkContent(tx: Transaction, campaign: Campaign, seenHash: string): Promise<void> {
    const batch = await tx.row<{ digest: Buffer; size: number; segments: number }>(
      'select digest, size, segments from batches where id = $1',
      [campaign.batchId],
    );
    const document = campaign.documentId === null ? undefined : await readDocument(tx, campaign.documentId);
    if (!batch || !document || contentHashOf(campaign, batch, document.sha256) !== seenHash) throw contentDiffers();
    await verifyBatch(tx, campaign.batchId!, batch.digest);
  }

  private async act(
    actor: Actor,
    id: number,
    act: CampaignAct,
    work: (tx: Transaction, campaign: Campaign) => Promise<Effect>,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const campaign = await (actor === SYSTEM ? lockCampaign(tx, id) : lockCampaignSoon(tx, id));
      if (!campaign) throw campaignNotFound({ id });
      const to = nextState(campaign.state, act, campaign.startedAt !== null);
      if (!to) {
        const words = { stateVi: STATE_WORDS[campaign.state], actVi: ACT_WORDS[act] };
        throw actNotAllowed({ state: campaign.state, act, ...words });
      }
      const { marks, dropBatch, details } = await work(tx, campaign);
      await moveCampaign(tx, id, { from: campaign.state, to }, marks);
      if (dropBatch && campaign.batchId !== null) await dropSubmission(tx, id, campaign.batchId);
      await appendAudit(tx, { actor, act: `campaign.${act}`, subject: `campaign:${id}`, details });
    });
  }
}

/** Released rows stay and are closed by delivery; unreleased ones go with the campaign. */
async function endUnsent(tx: Transaction, campaign: Campaign, reason: string): Promise<Effect> {
  const marks: CampaignMarks = { cancelled_reason: reason, pause_reason: null };
  if (!campaign.startedAt) return { marks: { ...marks, batch_id: null }, dropBatch: true };
  await moveBatch(tx, campaign.batchId!, 'cancelled');
  return { marks };
}

async function dropSubmission(tx: Transaction, id: number, batchId: number): Promise<void> {
  await forgetLeftOut(tx, id);
  await deleteHeldBatch(tx, batchId);
}

interface Effect {
  readonly marks?: CampaignMarks;
  /** The rendered rows were never released and go. */
  readonly dropBatch?: boolean;
  readonly details?: Readonly<Record<string, string | number>>;
}
