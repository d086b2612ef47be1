import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Permit } from '../platform/http/actor';
import { IdParam } from '../platform/http/ids';
import { DEFAULT_PAGE_SIZE, type Page, PageQuery, toPage } from '../platform/http/paging';
import { NewDeputyRequest } from './deputies.dto';
import type { DeputyView } from './deputies.read-model';
import { DeputiesService } from './deputies.service';

@ApiTags('deputies')
@Controller('api/v1/deputies')
export class DeputiesController {
  constructor(private readonly deputies: DeputiesService) {}

  @Post()
  @Permit('deputies.manage')
  @ApiOperation({ summary: 'Cử người phê duyệt thay / Name who approves in an approver’s place' })
  async name(@CurrentActor() actor: Actor, @Body() body: NewDeputyRequest): Promise<DeputyView> {
    return this.deputies.get(await this.deputies.name(actor, body));
  }

  @Get()
  @Permit('deputies.read')
  @ApiOperation({ summary: 'Các lần ủy quyền, mới nhất trước / Deputyships, newest first' })
  async all(@Query() { after, limit = DEFAULT_PAGE_SIZE }: PageQuery): Promise<Page<DeputyView>> {
    return toPage(await this.deputies.list({ before: after, limit: limit + 1 }), limit, ({ id }) => id);
  }

  @Post(':id/revoke')
  @Permit('deputies.manage')
  @HttpCode(200)
  @ApiOperation({ summary: 'Thu hồi ủy quyền / Revoke a deputyship' })
  async revoke(@CurrentActor() actor: Actor, @Param() { id }: IdParam): Promise<DeputyView> {
    await this.deputies.revoke(actor, id);
    return this.deputies.get(id);
  }
}
