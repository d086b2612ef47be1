import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Language } from '../platform/errors';
import { type Actor, CurrentActor, CurrentLanguage, Permit } from '../platform/http/actor';
import { IdParam } from '../platform/http/ids';
import { CreateListDto, EditListDto } from './lists.dto';
import type { ListWithCount } from './lists.read-model';
import { ListsService } from './lists.service';
import { MembersExport } from './members-export.service';
import { Members } from './members.service';
import type { JoinCounts } from './members.store';
import { SelectionBody } from './selection.dto';

@ApiTags('Lists')
@Controller('api/v1/lists')
export class ListsController {
  constructor(
    private readonly lists: ListsService,
    private readonly members: Members,
    private readonly exports: MembersExport,
  ) {}

  @Post()
  @Permit('lists.manage')
  @ApiOperation({ summary: 'Makes a subscriber list' })
  create(@Body() facts: CreateListDto, @CurrentActor() actor: Actor): Promise<ListWithCount> {
    return this.lists.create(actor, facts);
  }

  @Get()
  @Permit('lists.read')
  @ApiOperation({ summary: 'All subscriber lists with their sizes' })
  all(): Promise<ListWithCount[]> {
    return this.lists.all();
  }

  @Get(':id')
  @Permit('lists.read')
  @ApiOperation({ summary: 'One subscriber list' })
  one(@Param() { id }: IdParam): Promise<ListWithCount> {
    return this.lists.one(id);
  }

  @Patch(':id')
  @Permit('lists.manage')
  @ApiOperation({ summary: 'Changes what is said of a list: name, purpose, legal basis, source, how long it is kept' })
  edit(@Param() { id }: IdParam, @Body() facts: EditListDto, @CurrentActor() actor: Actor): Promise<ListWithCount> {
    return this.lists.edit(actor, id, facts);
  }

  @Delete(':id')
  @Permit('lists.manage')
  @HttpCode(204)
  @ApiOperation({ summary: 'Deletes a list that is empty and was never used' })
  remove(@Param() { id }: IdParam, @CurrentActor() actor: Actor): Promise<void> {
    return this.lists.remove(actor, id);
  }

  @Post(':id/members')
  @Permit('lists.manage')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Puts all subscribers of a selection on a list: others lists united, less others, filtered',
  })
  addMembers(
    @Param() { id }: IdParam,
    @Body() { selection }: SelectionBody,
    @CurrentActor() actor: Actor,
  ): Promise<JoinCounts> {
    return this.members.add(actor, id, selection);
  }

  @Post(':id/members/removal')
  @Permit('lists.manage')
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes all subscribers of a selection off a list; they stay in the register' })
  removeMembers(
    @Param() { id }: IdParam,
    @Body() { selection }: SelectionBody,
    @CurrentActor() actor: Actor,
  ): Promise<{ removed: number }> {
    return this.members.remove(actor, id, selection);
  }

  @Get(':id/members.csv')
  @Permit('phones.read')
  @ApiProduces('text/csv')
  @ApiOperation({ summary: 'The subscribers of a list as CSV; every download is on record' })
  export(
    @Param() { id }: IdParam,
    @CurrentActor() actor: Actor,
    @CurrentLanguage() language: Language,
  ): Promise<StreamableFile> {
    return this.exports.ofList(actor, id, language);
  }
}
