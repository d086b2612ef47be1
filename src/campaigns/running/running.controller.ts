import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { gatewayPace } from '../../delivery';
import { Clock } from '../../platform/clock';
import { Database } from '../../platform/database/database';
import type { Language } from '../../platform/errors';
import { type Actor, CurrentActor, CurrentLanguage, Permit } from '../../platform/http/actor';
import { IdParam } from '../../platform/http/ids';
import { campaignNotFound } from '../campaign-faults';
import { type CampaignDetail, findCampaign } from '../campaigns.read-model';
import { CopiesService } from './copies.service';
import { type ForecastView, toForecastView } from './forecast-view';
import { notSubmitted } from './running-faults';
import { readStanding } from './running.read-model';
import { CopyCampaignDto, CorrectionDto } from './running.dto';

@ApiTags('Campaigns')
@Controller('api/v1/campaigns')
export class RunningController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly copies: CopiesService,
  ) {}

  @Post(':id/clone')
  @Permit('campaigns.write')
  @ApiOperation({ summary: 'A fresh draft of the same; without its document and the rules it set aside' })
  async clone(
    @Param() { id }: IdParam,
    @Body() dto: CopyCampaignDto,
    @CurrentActor() actor: Actor,
  ): Promise<CampaignDetail> {
    return this.draft(await this.copies.clone(actor, id, dto));
  }

  @Post(':id/resend-failed')
  @Permit('campaigns.write')
  @ApiOperation({ summary: 'A draft, linked to a campaign that has ended, for those whose text was refused for good' })
  async resendFailed(
    @Param() { id }: IdParam,
    @Body() dto: CopyCampaignDto,
    @CurrentActor() actor: Actor,
  ): Promise<CampaignDetail> {
    return this.draft(await this.copies.resendFailed(actor, id, dto));
  }

  @Post(':id/correction')
  @Permit('campaigns.write')
  @ApiOperation({
    summary: 'A draft, linked to a campaign, that corrects it for all whom it reached or may have reached',
  })
  async correct(
    @Param() { id }: IdParam,
    @Body() dto: CorrectionDto,
    @CurrentActor() actor: Actor,
  ): Promise<CampaignDetail> {
    return this.draft(await this.copies.correct(actor, id, dto));
  }

  @Get(':id/forecast')
  @Permit('campaigns.read')
  @ApiOperation({ summary: 'When the texts of a submitted campaign will leave, when they pause, and what they cost' })
  async forecast(@Param() { id }: IdParam, @CurrentLanguage() language: Language): Promise<ForecastView> {
    const at = this.clock.now();
    const standing = await this.database.transaction(
      (tx) => readStanding(tx, id, at, (gateway, sender) => gatewayPace(tx, gateway, sender)),
      'REPEATABLE READ',
    );
    if (!standing) throw campaignNotFound({ id });
    const { figures, forecast } = standing;
    if (!figures || !forecast) throw notSubmitted({ id });
    return toForecastView({ ...standing, figures, forecast, at }, language);
  }

  private async draft(id: number): Promise<CampaignDetail> {
    return (await findCampaign(this.database, id))!;
  }
}
