import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '../platform/database/database';
import { type Actor, CurrentActor, Permit } from '../platform/http/actor';
import { IdParam } from '../platform/http/ids';
import { DEFAULT_PAGE_SIZE, Page, toPage } from '../platform/http/paging';
import { ListsService, ListWithCount } from './lists.service';
import { readPhone } from './read-phone';
import { revealPhones } from './reveal-phones';
import { CreateListDto, SubscribersQuery } from './subscribers.dto';
import { findSubscribers, SubscriberRow } from './subscribers.read-model';

@ApiTags('Subscribers')
@Controller('api/v1')
export class SubscribersController {
  constructor(
    private readonly database: Database,
    private readonly lists: ListsService,
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
    const items = await revealPhones(this.database, actor, 'subscribers.view-phones', page.items);
    return { ...page, items };
  }
}
