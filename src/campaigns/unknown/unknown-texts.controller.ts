import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  countUnknownTexts,
  findLateProofs,
  findUnknownTexts,
  formatReference,
  type LateProofView,
  parseReference,
  type TextReference,
  type UnknownCount,
  type UnknownDecision,
  type UnknownText,
} from '../../delivery';
import { formatLocalTime } from '../../platform/clock';
import { Database } from '../../platform/database/database';
import type { Localised } from '../../platform/errors';
import { type Actor, CurrentActor, Permit } from '../../platform/http/actor';
import { DEFAULT_PAGE_SIZE } from '../../platform/http/paging';
import { choicesOf } from './choices';
import { LateProofsQuery, OfCampaignQuery, SettleDto, UnknownTextsQuery } from './unknown-texts.dto';
import { campaignsOfBatches } from './unknown-texts.read-model';
import { type Settled, UnknownTextsService } from './unknown-texts.service';

/** Times are Vietnam time. */
interface ShownUnknown {
  /** Our own id of the attempt, as the gateway has it: what to ask a provider for. */
  readonly reference: string;
  /** Null: a test send. */
  readonly campaignId: number | null;
  readonly code: string;
  readonly reason: Localised;
  readonly since: string;
  readonly gateway: string;
  readonly handedOverAt: string;
  /** Null: its gateway is asked no more, a person decides. */
  readonly nextLookUpAt: string | null;
  readonly lookUps: number;
  readonly phone: string | null;
  readonly choices: readonly { readonly decision: UnknownDecision; readonly from: string }[];
}

interface ShownProof extends Pick<LateProofView, 'effect'> {
  readonly reference: string;
  readonly campaignId: number | null;
  readonly provedAt: string;
}

interface ReferencePage<T> {
  readonly items: readonly T[];
  /** Pass it as `after` for the next page; null at the end. */
  readonly next: string | null;
}

@ApiTags('Unknown texts')
@Controller('api/v1/unknown-texts')
export class UnknownTextsController {
  constructor(
    private readonly database: Database,
    private readonly unknown: UnknownTextsService,
  ) {}

  @Get()
  @Permit('campaigns.read')
  @ApiOperation({
    summary:
      'Texts of which nobody knows whether they left: why, what the service still does, what a person may decide',
  })
  async page(@Query() query: UnknownTextsQuery, @CurrentActor() actor: Actor): Promise<ReferencePage<ShownUnknown>> {
    const { campaignId, code, after, limit = DEFAULT_PAGE_SIZE } = query;
    const batchId = await this.unknown.batchOf(campaignId);
    if (batchId === null) return { items: [], next: null };
    const revealPhones = actor.permissions.has('phones.read');
    const filter = { batchId, code, after: referenceOf(after), limit: limit + 1, revealPhones };
    const rows = await findUnknownTexts(this.database, filter);
    return this.toPage(rows, limit, (text, campaign) => this.show(text, campaign));
  }

  @Get('counts')
  @Permit('campaigns.read')
  @ApiOperation({ summary: 'How many texts are unknown, by reason and gateway, the most frequent first' })
  async counts(@Query() { campaignId }: OfCampaignQuery): Promise<UnknownCount[]> {
    const batchId = await this.unknown.batchOf(campaignId);
    return batchId === null ? [] : countUnknownTexts(this.database, batchId);
  }

  @Get('late-proofs')
  @Permit('campaigns.read')
  @ApiOperation({
    summary:
      'Texts that had been settled when a proof came that they were accepted: held back in time, sent again, or said to have failed',
  })
  async lateProofs(@Query() query: LateProofsQuery): Promise<ReferencePage<ShownProof>> {
    const { campaignId, after, limit = DEFAULT_PAGE_SIZE } = query;
    const batchId = await this.unknown.batchOf(campaignId);
    if (batchId === null) return { items: [], next: null };
    const rows = await findLateProofs(this.database, { batchId, after: referenceOf(after), limit: limit + 1 });
    return this.toPage(rows, limit, (proof, campaign) => ({
      reference: formatReference(proof),
      campaignId: campaign,
      provedAt: formatLocalTime(proof.provedAt),
      effect: proof.effect,
    }));
  }

  @Post('settle')
  @Permit('unknown.settle')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Settles unknown texts, single ones or all of a campaign; one sent again passes the gate like any other',
  })
  settle(@Body() dto: SettleDto, @CurrentActor() actor: Actor): Promise<Settled> {
    return this.unknown.settle(actor, dto);
  }

  private async toPage<T extends TextReference, U>(
    rows: readonly T[],
    limit: number,
    show: (row: T, campaignId: number | null) => U,
  ): Promise<ReferencePage<U>> {
    const items = rows.slice(0, limit);
    const campaigns = await campaignsOfBatches(
      this.database,
      items.map(({ batchId }) => batchId),
    );
    return {
      items: items.map((row) => show(row, campaigns.get(row.batchId) ?? null)),
      next: rows.length > limit ? formatReference(items.at(-1)!) : null,
    };
  }

  private show(text: UnknownText, campaignId: number | null): ShownUnknown {
    const { code, reason, gateway, lookUps, phone, nextLookUpAt } = text;
    const choices = choicesOf(text, this.unknown.surelyLeftMs(gateway));
    return {
      ...{ reference: formatReference(text), campaignId, code, reason, gateway, lookUps, phone },
      since: formatLocalTime(text.since),
      handedOverAt: formatLocalTime(text.handedOverAt),
      nextLookUpAt: nextLookUpAt && formatLocalTime(nextLookUpAt),
      choices: choices.map(({ decision, from }) => ({ decision, from: formatLocalTime(from) })),
    };
  }
}

const referenceOf = (after: string | undefined): TextReference | undefined =>
  after === undefined ? undefined : parseReference(after);
