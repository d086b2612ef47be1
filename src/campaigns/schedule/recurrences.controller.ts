import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Permit } from '../../platform/http/actor';
import { IdParam } from '../../platform/http/ids';
import { DEFAULT_PAGE_SIZE, type Page, PageQuery } from '../../platform/http/paging';
import { CreateRecurrenceDto } from './recurrences.dto';
import { RecurrencesService, type RecurrenceView } from './recurrences.service';

@ApiTags('Campaigns')
@Controller('api/v1')
export class RecurrencesController {
  constructor(private readonly recurrences: RecurrencesService) {}

  @Post('campaigns/:id/recurrences')
  @Permit('campaigns.write')
  @ApiOperation({ summary: 'Makes a fresh draft of this campaign again and again; each needs its own approval' })
  create(
    @Param() { id }: IdParam,
    @Body() { rule, startTime, leadDays, firstDay, lastDay }: CreateRecurrenceDto,
    @CurrentActor() actor: Actor,
  ): Promise<RecurrenceView> {
    return this.recurrences.create(actor, id, { rule, startTime, leadDays, firstDay, lastDay: lastDay ?? null });
  }

  @Get('recurrences')
  @Permit('campaigns.read')
  @ApiOperation({ summary: 'Recurrences, newest first, with their next days and the drafts they made' })
  all(@Query() { after, limit = DEFAULT_PAGE_SIZE }: PageQuery): Promise<Page<RecurrenceView>> {
    return this.recurrences.find({ after, limit });
  }

  @Post('recurrences/:id/end')
  @Permit('campaigns.write')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ends a recurrence; drafts that were made stay' })
  end(@Param() { id }: IdParam, @CurrentActor() actor: Actor): Promise<RecurrenceView> {
    return this.recurrences.end(actor, id);
  }
}
