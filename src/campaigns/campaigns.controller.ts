import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { findMessages, MessageView } from '../delivery';
import { Database } from '../platform/database/database';
import { type Actor, CurrentActor, Permit } from '../platform/http/actor';
import { IdParam } from '../platform/http/ids';
import { DEFAULT_PAGE_SIZE, Page, toPage } from '../platform/http/paging';
import { appendAudit } from '../audit';
import { ApproveDto, CreateCampaignDto, EditCampaignDto, RejectDto } from './campaign.dto';
import { CampaignsQuery, LeftOutQuery, MessagesQuery } from './campaign-queries.dto';
import { campaignNotFound } from './campaign-faults';
import { CampaignDetail, CampaignView, findCampaign, findCampaigns } from './campaigns.read-model';
import { CampaignsService } from './campaigns.service';
import { readCampaign } from './campaigns.store';
import { notSubmitted } from './running/running-faults';
import { findLeftOut, type LeftOutView } from './left-out.read-model';

@ApiTags('Campaigns')
@Controller('api/v1/campaigns')
export class CampaignsController {
  constructor(
    private readonly database: Database,
    private readonly campaigns: CampaignsService,
  ) {}

  @Post()
  @Permit('campaigns.write')
  @ApiOperation({ summary: 'Drafts a campaign' })
  async create(@Body() dto: CreateCampaignDto, @CurrentActor() actor: Actor): Promise<CampaignView> {
    return this.view(actor, await this.campaigns.create(actor, dto));
  }

  @Get()
  @Permit('campaigns.read')
  @ApiOperation({ summary: 'Campaigns, newest first, with their figures' })
  async all(
    @Query() { after, limit = DEFAULT_PAGE_SIZE, ...chosen }: CampaignsQuery,
    @CurrentActor() viewer: Actor,
  ): Promise<Page<CampaignView>> {
    const found = await findCampaigns(this.database, { ...chosen, before: after, limit: limit + 1, viewer });
    return toPage(found, limit, ({ id }) => id);
  }

  @Get(':id')
  @Permit('campaigns.read')
  @ApiOperation({
    summary: 'One campaign with its figures, and how many of its recipients changed since it was submitted',
  })
  async one(@Param() { id }: IdParam, @CurrentActor() viewer: Actor): Promise<CampaignDetail> {
    const campaign = await findCampaign(this.database, id, viewer);
    if (!campaign) throw campaignNotFound({ id });
    return campaign;
  }

  @Get(':id/messages')
  @Permit('campaigns.read')
  @ApiOperation({
    summary: 'Message by message: state, outcome, receipt; numbers and texts only for those who may see them',
  })
  async messages(
    @Param() { id }: IdParam,
    @Query() { after = 0, limit = DEFAULT_PAGE_SIZE, state, subscriberId }: MessagesQuery,
    @CurrentActor() actor: Actor,
  ): Promise<Page<MessageView>> {
    const row = await this.database.row<{ batchId: number | null }>(
      'select batch_id as "batchId" from campaigns where id = $1',
      [id],
    );
    if (!row) throw campaignNotFound({ id });
    if (row.batchId === null) return { items: [], next: null };
    // Whoever approves reads the very texts, but needs no numbers for it.
    const reveal = {
      phones: actor.permissions.has('phones.read'),
      texts: actor.permissions.has('templates.preview'),
    };
    const filter = { batchId: row.batchId, after, limit: limit + 1, state, subscriberId, reveal };
    const page = toPage(await findMessages(this.database, filter), limit, ({ seq }) => seq);
    if (reveal.phones) await this.recordView(actor, id, page.items.length);
    return page;
  }

  @Get(':id/left-out')
  @Permit('campaigns.read')
  @ApiOperation({ summary: 'Who was left out at submission, and why; numbers only for those who may see them' })
  async leftOut(
    @Param() { id }: IdParam,
    @Query() { reason, after, limit = DEFAULT_PAGE_SIZE }: LeftOutQuery,
    @CurrentActor() actor: Actor,
  ): Promise<Page<LeftOutView>> {
    const campaign = await readCampaign(this.database, id);
    if (!campaign) throw campaignNotFound({ id });
    if (campaign.batchId === null) throw notSubmitted({ id });
    const reveal = actor.permissions.has('phones.read');
    const filter = { campaignId: id, reason, after, limit: limit + 1, reveal };
    const page = toPage(await findLeftOut(this.database, filter), limit, ({ subscriberId }) => subscriberId);
    if (reveal) await this.recordView(actor, id, page.items.length);
    return page;
  }

  @Patch(':id')
  @Permit('campaigns.write')
  @ApiOperation({ summary: 'Edits a campaign; one that was submitted or approved becomes a draft again' })
  async edit(
    @Param() { id }: IdParam,
    @Body() dto: EditCampaignDto,
    @CurrentActor() actor: Actor,
  ): Promise<CampaignView> {
    await this.campaigns.edit(actor, id, dto);
    return this.view(actor, id);
  }

  @Post(':id/submit')
  @Permit('campaigns.write')
  @HttpCode(200)
  @ApiOperation({ summary: 'Renders the text of every recipient and asks for approval' })
  async submit(@Param() { id }: IdParam, @CurrentActor() actor: Actor): Promise<CampaignView> {
    await this.campaigns.submit(actor, id);
    return this.view(actor, id);
  }

  @Post(':id/approve')
  @Permit('campaigns.approve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Approves exactly what was seen (contentHash); never by its author' })
  async approve(
    @Param() { id }: IdParam,
    @Body() dto: ApproveDto,
    @CurrentActor() actor: Actor,
  ): Promise<CampaignView> {
    await this.campaigns.approve(actor, id, dto.contentHash);
    return this.view(actor, id);
  }

  @Post(':id/reject')
  @Permit('campaigns.approve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sends a campaign back to its author with a reason' })
  async reject(@Param() { id }: IdParam, @Body() dto: RejectDto, @CurrentActor() actor: Actor): Promise<CampaignView> {
    await this.campaigns.reject(actor, id, dto.reason);
    return this.view(actor, id);
  }

  @Post(':id/pause')
  @Permit('campaigns.run')
  @HttpCode(200)
  @ApiOperation({ summary: 'Stops handing texts over' })
  async pause(@Param() { id }: IdParam, @CurrentActor() actor: Actor): Promise<CampaignView> {
    await this.campaigns.pause(actor, id);
    return this.view(actor, id);
  }

  @Post(':id/resume')
  @Permit('campaigns.run')
  @HttpCode(200)
  @ApiOperation({ summary: 'Goes on after a pause' })
  async resume(@Param() { id }: IdParam, @CurrentActor() actor: Actor): Promise<CampaignView> {
    await this.campaigns.resume(actor, id);
    return this.view(actor, id);
  }

  @Post(':id/cancel')
  @Permit('campaigns.run')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ends a campaign; what was not handed over is never sent' })
  async cancel(@Param() { id }: IdParam, @CurrentActor() actor: Actor): Promise<CampaignView> {
    await this.campaigns.cancel(actor, id);
    return this.view(actor, id);
  }

  /** Whoever acts has seen what changed since the submission, which takes a look at every message. */
  private async view(viewer: Actor, id: number): Promise<CampaignView> {
    const [campaign] = await findCampaigns(this.database, { id, limit: 1, viewer });
    return campaign!;
  }

  private async recordView(actor: Actor, id: number, count: number): Promise<void> {
    await this.database.transaction((tx) =>
      appendAudit(tx, { actor, act: 'campaign.view-phones', subject: `campaign:${id}`, details: { count } }),
    );
  }
}
