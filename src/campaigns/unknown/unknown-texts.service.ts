import { Injectable } from '@nestjs/common';
import { appendAudit } from '../../audit';
import {
  findUnknownTexts,
  GatewayRegistry,
  parseReference,
  settleByPerson,
  surelyLeftMs,
  type TextReference,
  type UnknownFilter,
  type UnknownText,
} from '../../delivery';
import { Config } from '../../platform/config';
import { Database, type Transaction } from '../../platform/database/database';
import type { Fault } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { campaignNotFound } from '../campaign-faults';
import { refusalOf } from './choices';
import { nameTextsOrCampaign, nothingUnknown } from './unknown-faults';
import type { SettleDto } from './unknown-texts.dto';
import { batchOfCampaign, campaignsOfBatches } from './unknown-texts.read-model';

/** Texts settled in one transaction. */
const SLICE = 500;

export interface Settled {
  readonly settled: number;
  /** Of those asked for; they stay unknown, for the list says why they could not be settled so. */
  readonly left: number;
}

interface Slice extends Settled {
  readonly seen: readonly UnknownText[];
  readonly refusal?: Fault;
}

/** A person settles unknown texts. Each transaction is put on record with ids and counts. */
@Injectable()
export class UnknownTextsService {
  constructor(
    private readonly database: Database,
    private readonly gateways: GatewayRegistry,
    private readonly config: Config,
  ) {}

  /** After so long a text surely is not on its way any more; at a gateway no longer in use as at the slowest. */
  surelyLeftMs(gateway: string): number {
    const own = this.gateways.names.includes(gateway) ? [this.gateways.get(gateway)] : this.gateways.all;
    const timeoutMs = Math.max(...own.map(({ capabilities }) => capabilities.timeoutMs));
    return surelyLeftMs(this.config.LEASE_SECONDS * 1_000, timeoutMs);
  }

  /** @throws campaignNotFound */
  async batchOf(campaignId: number | undefined): Promise<number | null | undefined> {
    if (campaignId === undefined) return undefined;
    const batchId = await batchOfCampaign(this.database, campaignId);
    if (batchId === undefined) throw campaignNotFound({ id: campaignId });
    return batchId;
  }

  /**
   * Settles all that can be settled so, slice by slice: begun anew it goes on where it was.
   *
   * @throws nothingUnknown, tooSoon, campaignOver, deadlinePassed, textErased when not one of them could be
   */
  async settle(actor: Actor, dto: SettleDto): Promise<Settled> {
    const { campaignId, texts } = dto;
    if ((campaignId === undefined) === (texts === undefined)) throw nameTextsOrCampaign();
    const batchId = await this.batchOf(campaignId);
    if (batchId === null) throw nothingUnknown();
    const chosen = texts?.map((text) => parseReference(text)!);
    const total = { settled: 0, left: 0 };
    let refusal: Fault | undefined;
    for (let after: TextReference | undefined, isMore = true; isMore;) {
      const filter: UnknownFilter = { batchId, texts: chosen, after, limit: SLICE, revealPhones: false };
      const slice = await this.database.transaction((tx) => this.settleSlice(tx, actor, filter, dto));
      total.settled += slice.settled;
      total.left += slice.left;
      refusal ??= slice.refusal;
      after = slice.seen.at(-1);
      isMore = slice.seen.length === SLICE;
    }
    if (total.settled === 0) throw refusal ?? nothingUnknown();
    return texts ? { ...total, left: new Set(texts).size - total.settled } : total;
  }

  private async settleSlice(
    tx: Transaction,
    actor: Actor,
    filter: UnknownFilter,
    { decision, reason }: SettleDto,
  ): Promise<Slice> {
    const seen = await findUnknownTexts(tx, filter);
    const refusals = seen.map((text) => refusalOf(text, decision, this.surelyLeftMs(text.gateway)));
    const allowed = seen.filter((_, index) => refusals[index] === undefined);
    const settled = await settleByPerson(tx, allowed, { decision, reason, by: actor.id });
    const campaigns = await campaignsOfBatches(
      tx,
      settled.map(({ batchId }) => batchId),
    );
    for (const [batchId, texts] of countBy(settled)) {
      const campaign = campaigns.get(batchId);
      const subject = campaign === undefined ? `batch:${batchId}` : `campaign:${campaign}`;
      await appendAudit(tx, { actor, act: 'unknown.settle', subject, details: { decision, texts, batch: batchId } });
    }
    const refusal = refusals.find((one) => one !== undefined);
    return { seen, settled: settled.length, left: seen.length - settled.length, refusal };
  }
}

function countBy(texts: readonly TextReference[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { batchId } of texts) counts.set(batchId, (counts.get(batchId) ?? 0) + 1);
  return counts;
}
