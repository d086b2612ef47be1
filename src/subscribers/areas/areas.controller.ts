import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Clock, localDay, parseLocalTime } from '../../platform/clock';
import { Database } from '../../platform/database/database';
import { type Actor, CurrentActor, Permit } from '../../platform/http/actor';
import { IdParam } from '../../platform/http/ids';
import { notADay } from './area-faults';
import { AliasParam, AreasQuery, RecordAliasDto } from './areas.dto';
import { AliasRow, AreaRow, findAreas } from './areas.read-model';
import { AreasService, UnmatchedArea } from './areas.service';

const MOST_UNMATCHED_SHOWN = 500;

@ApiTags('Areas')
@Controller('api/v1/areas')
export class AreasController {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly areas: AreasService,
  ) {}

  @Get()
  @Permit('lists.read')
  @ApiOperation({ summary: 'Communes, wards and special zones, today and before July 2025, with their subscribers' })
  async all(@Query() { validOn, q, withSubscribers = false }: AreasQuery): Promise<AreaRow[]> {
    if (validOn !== undefined && !parseLocalTime(`${validOn}T00:00`)) throw notADay({}, { field: 'validOn' });
    return findAreas(this.database, { validOn, q, withSubscribers, today: localDay(this.clock.now()) });
  }

  @Get('unmatched')
  @Permit('areas.manage')
  @ApiOperation({
    summary: `What subscribers without an area came with for one, with what it may mean; the ${MOST_UNMATCHED_SHOWN} most frequent`,
  })
  unmatched(): Promise<UnmatchedArea[]> {
    return this.areas.unmatched(MOST_UNMATCHED_SHOWN);
  }

  @Get(':id/aliases')
  @Permit('lists.read')
  @ApiOperation({ summary: 'What offices write for an area beside its names' })
  aliases(@Param() { id }: IdParam): Promise<AliasRow[]> {
    return this.areas.aliasesOf(id);
  }

  @Post(':id/aliases')
  @Permit('areas.manage')
  @ApiOperation({
    summary: 'Records what offices write for an area, and gives the area to whoever came with that text',
  })
  addAlias(
    @Param() { id }: IdParam,
    @Body() { alias }: RecordAliasDto,
    @CurrentActor() actor: Actor,
  ): Promise<{ subscribers: number }> {
    return this.areas.recordAlias(actor, id, alias);
  }

  @Delete(':id/aliases/:alias')
  @HttpCode(204)
  @Permit('areas.manage')
  @ApiOperation({ summary: 'Forgets an alias; subscribers keep the area it gave them' })
  removeAlias(@Param() { id, alias }: AliasParam, @CurrentActor() actor: Actor): Promise<void> {
    return this.areas.deleteAlias(actor, id, alias);
  }
}
