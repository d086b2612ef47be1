import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Database } from '../../platform/database/database';
import { type AppRequest, Permit } from '../../platform/http/actor';
import { IdParam } from '../../platform/http/ids';
import { campaignNotFound } from '../campaign-faults';
import { readCampaign } from '../campaigns.store';
import { ProgressStreams } from './progress-streams';

const PERMISSION = 'campaigns.read';

@ApiTags('Campaigns')
@Controller('api/v1/campaigns')
export class ProgressController {
  constructor(
    private readonly database: Database,
    private readonly streams: ProgressStreams,
  ) {}

  @Get(':id/progress')
  @Permit(PERMISSION)
  @ApiProduces('text/event-stream')
  @ApiOperation({
    summary:
      'Server-sent events: `progress` at once and each second when something changed (state, figures, texts a second, ' +
      'remaining seconds, reasons of failures); `end` with a `reason`: over, session-ended or stopping',
  })
  async progress(@Param() { id }: IdParam, @Req() request: AppRequest, @Res() response: Response): Promise<void> {
    if (!(await readCampaign(this.database, id))) throw campaignNotFound({ id });
    this.streams.start(id, PERMISSION, request, response);
  }
}
