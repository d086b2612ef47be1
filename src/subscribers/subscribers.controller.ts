import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Database } from '../platform/database/database';
import type { Language } from '../platform/errors';
import { type Actor, CurrentActor, CurrentLanguage, Permit } from '../platform/http/actor';
import { IdParam } from '../platform/http/ids';
import { DEFAULT_PAGE_SIZE, type Page, PageQuery } from '../platform/http/paging';
import { type ShownChange, SubscriberHistory } from './history.service';
import { MembersExport } from './members-export.service';
import { Members } from './members.service';
import { readPhone } from './read-phone';
import { Register } from './register.service';
import { revealPhones } from './reveal-phones';
import { SelectionBody } from './selection.dto';
import { AddSubscriberDto, CorrectSubscriberDto, SubscribersQuery } from './subscribers.dto';
import type { SelectionCounts, SubscriberRow } from './subscribers.read-model';

@ApiTags('Subscribers')
@Controller('api/v1/subscribers')
export class SubscribersController {
  constructor(
    private readonly database: Database,
    private readonly register: Register,
    private readonly changes: SubscriberHistory,
    private readonly members: Members,
    private readonly exports: MembersExport,
  ) {}

  @Get()
  @Permit('subscribers.read')
  @ApiOperation({
    summary: 'Subscribers by name, number, area, list or state; numbers are masked for those who may not see them',
  })
  async find(@Query() query: SubscribersQuery, @CurrentActor() actor: Actor): Promise<Page<SubscriberRow>> {
    const page = await this.register.search(actor, query, query.after ?? 0, query.limit ?? DEFAULT_PAGE_SIZE);
    const items = await revealPhones(this.database, actor, 'subscribers.view-phones', page.items);
    return { ...page, items };
  }

  @Post()
  @Permit('subscribers.write')
  @ApiOperation({ summary: 'Adds a subscriber by hand, on at least one list' })
  async add(@Body() { phone, ...facts }: AddSubscriberDto, @CurrentActor() actor: Actor): Promise<SubscriberRow> {
    return this.reveal(actor, await this.register.add(actor, { ...facts, phone: readPhone(phone) }));
  }

  @Post('count')
  @Permit('subscribers.read')
  @HttpCode(200)
  @ApiOperation({ summary: 'How many a selection means, how many of them opted out, how many would be texted now' })
  count(@Body() { selection }: SelectionBody): Promise<SelectionCounts> {
    return this.members.count(selection);
  }

  @Post('export')
  @Permit('phones.read')
  @HttpCode(200)
  @ApiProduces('text/csv')
  @ApiOperation({ summary: 'The subscribers of a selection as CSV; every download is on record' })
  export(
    @Body() { selection }: SelectionBody,
    @CurrentActor() actor: Actor,
    @CurrentLanguage() language: Language,
  ): Promise<StreamableFile> {
    return this.exports.ofSelection(actor, selection, language);
  }

  @Get(':id')
  @Permit('subscribers.read')
  @ApiOperation({ summary: 'One subscriber with his lists' })
  async one(@Param() { id }: IdParam, @CurrentActor() actor: Actor): Promise<SubscriberRow> {
    return this.reveal(actor, await this.register.one(id));
  }

  @Get(':id/history')
  @Permit('subscribers.read')
  @ApiOperation({ summary: 'Who changed what of a subscriber, when and from which file, oldest first' })
  history(
    @Param() { id }: IdParam,
    @Query() { after = 0, limit = DEFAULT_PAGE_SIZE }: PageQuery,
    @CurrentActor() actor: Actor,
  ): Promise<Page<ShownChange>> {
    return this.changes.page(actor, id, after, limit);
  }

  @Patch(':id')
  @Permit('subscribers.write')
  @ApiOperation({ summary: 'Corrects a subscriber; texts of campaigns already submitted stay as they were approved' })
  async correct(
    @Param() { id }: IdParam,
    @Body() { revision, reason, phone, ...facts }: CorrectSubscriberDto,
    @CurrentActor() actor: Actor,
  ): Promise<SubscriberRow> {
    const correction = phone === undefined ? facts : { ...facts, phone: readPhone(phone) };
    return this.reveal(actor, await this.register.correct(actor, id, revision, correction, reason));
  }

  private async reveal(actor: Actor, row: SubscriberRow): Promise<SubscriberRow> {
    const [shown] = await revealPhones(this.database, actor, 'subscribers.view-phones', [row]);
    return shown!;
  }
}
