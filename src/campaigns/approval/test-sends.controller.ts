import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { appendAudit } from '../../audit';
import { Database } from '../../platform/database/database';
import { type Actor, CurrentActor, Permit } from '../../platform/http/actor';
import { IdParam } from '../../platform/http/ids';
import { DEFAULT_PAGE_SIZE, type Page, PageQuery, toPage } from '../../platform/http/paging';
import { campaignNotFound } from '../campaign-faults';
import { type Campaign, readCampaign } from '../campaigns.store';
import { TestSendDto } from './test-sends.dto';
import { findTestSends, type TestSendView } from './test-sends.read-model';
import { TestSends } from './test-sends.service';

@ApiTags('Campaigns')
@Controller('api/v1/campaigns/:id/test-sends')
export class TestSendsController {
  constructor(
    private readonly database: Database,
    private readonly tests: TestSends,
  ) {}

  @Post()
  @Permit('campaigns.write')
  @ApiOperation({ summary: "Sends a draft's text to staff's own numbers, to the letter as recipients will get it" })
  async send(
    @Param() { id: campaignId }: IdParam,
    @Body() dto: TestSendDto,
    @CurrentActor() actor: Actor,
  ): Promise<TestSendView> {
    const id = await this.tests.send(actor, campaignId, dto);
    const campaign = await this.campaign(campaignId);
    return (await findTestSends(this.database, campaign, { id, limit: 1, reveal: false }))[0]!;
  }

  @Get()
  @Permit('campaigns.read')
  @ApiOperation({
    summary: 'Test sends of a campaign, newest first; numbers and texts only for those who may see them',
  })
  async all(
    @Param() { id }: IdParam,
    @Query() { after, limit = DEFAULT_PAGE_SIZE }: PageQuery,
    @CurrentActor() actor: Actor,
  ): Promise<Page<TestSendView>> {
    const reveal = actor.permissions.has('phones.read');
    const filter = { before: after, limit: limit + 1, reveal };
    const page = toPage(await findTestSends(this.database, await this.campaign(id), filter), limit, (test) => test.id);
    const count = page.items.flatMap(({ messages }) => messages).length;
    if (reveal && count > 0) await this.recordView(actor, id, count);
    return page;
  }

  private async campaign(id: number): Promise<Campaign> {
    const campaign = await readCampaign(this.database, id);
    if (!campaign) throw campaignNotFound({ id });
    return campaign;
  }

  private async recordView(actor: Actor, id: number, count: number): Promise<void> {
    await this.database.transaction((tx) =>
      appendAudit(tx, { actor, act: 'campaign.view-phones', subject: `campaign:${id}`, details: { count } }),
    );
  }
}
