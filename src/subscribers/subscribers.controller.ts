import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { appendAudit } from '../audit';
import { Database } from '../platform/database/database';
import { type Actor, CurrentActor, Permit } from '../platform/http/actor';
import { IdParam } from '../platform/http/ids';
import { DEFAULT_PAGE_SIZE, Page, toPage } from '../platform/http/paging';
import { ListsService, ListWithCount } from './lists.service';
import { OptOut, OptOuts } from './opt-outs';
import { readPhone } from './read-phone';
import { CreateListDto, RecordOptOutDto, SubscribersQuery } from './subscribers.dto';
import { findSubscribers, newestOptOuts, OptOutRow, SubscriberRow } from './subscribers.read-model';
import { maskPhone } from './phone-number';

const MOST_OPT_OUTS_SHOWN = 500;

@ApiTags('Subscribers')
@Controller('api/v1')
export class SubscribersController {
  constructor(
    private readonly database: Database,
    private readonly lists: ListsService,
    private readonly optOuts: OptOuts,
  ) {}

  @Post('lists')
  @Permit('lists.manage')
  @ApiOperation({ summary: 'Makes a subscriber list' })
  createList(@Body() facts: CreateListDto, @CurrentActor() actor: Actor): Promise<ListWithCount> {
    return this.lists.create(actor, facts);
  }

  @Get('lists')
  @Permit('lists.read')
  @ApiOperation({ summary: 'All subscriber lists with their sizes' })
  allLists(): Promise<ListWithCount[]> {
    return this.lists.all();
  }

  @Get('lists/:id')
  @Permit('lists.read')
  @ApiOperation({ summary: 'One subscriber list' })
  oneList(@Param() { id }: IdParam): Promise<ListWithCount> {
    return this.lists.one(id);
  }

  @Get('subscribers')
  @Permit('subscribers.read')
  @ApiOperation({ summary: 'Subscribers by number, list or area; numbers are masked for those who may not see them' })
  async find(@Query() query: SubscribersQuery, @CurrentActor() actor: Actor): Promise<Page<SubscriberRow>> {
    const limit = query.limit ?? DEFAULT_PAGE_SIZE;
    const phone = query.phone === undefined ? undefined : readPhone(query.phone);
    const filter = { ...query, phone, after: query.after ?? 0, limit: limit + 1 };
    const page = toPage(await findSubscribers(this.database, filter), limit, ({ id }) => id);
    const items = await this.revealTo(actor, 'subscribers.view-phones', page.items);
    return { ...page, items };
  }

  @Post('opt-outs')
  @Permit('opt-outs.record')
  @ApiOperation({ summary: 'Records an opt-out; final at once, for queued texts too' })
  async recordOptOut(
    @Body() { phone, source, reason }: RecordOptOutDto,
    @CurrentActor() actor: Actor,
  ): Promise<OptOut & { isNew: boolean }> {
    return this.optOuts.record(actor, readPhone(phone), source, reason);
  }

  @Get('opt-outs')
  @Permit('opt-outs.read')
  @ApiOperation({ summary: `The newest ${MOST_OPT_OUTS_SHOWN} opt-outs` })
  async newestOptOuts(@CurrentActor() actor: Actor): Promise<OptOutRow[]> {
    return this.revealTo(actor, 'opt-outs.view-phones', await newestOptOuts(this.database, MOST_OPT_OUTS_SHOWN));
  }

  /** Masks numbers, or puts on record that this person saw them. */
  private async revealTo<T extends { phone: string | null }>(
    actor: Actor,
    act: string,
    rows: readonly T[],
  ): Promise<T[]> {
    if (!actor.permissions.has('phones.read')) {
      return rows.map((row) => ({ ...row, phone: row.phone === null ? null : maskPhone(row.phone) }));
    }
    await this.database.transaction((tx) =>
      appendAudit(tx, { actor, act, subject: 'subscribers', details: { count: rows.length } }),
    );
    return [...rows];
  }
}
