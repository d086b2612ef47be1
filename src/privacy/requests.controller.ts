import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Permit } from '../platform/http/actor';
import { IdParam } from '../platform/http/ids';
import { DEFAULT_PAGE_SIZE, Page } from '../platform/http/paging';
import { AnswerRequestDto, RecordRequestDto, RequestsQuery } from './requests.dto';
import { RequestsService, RequestView } from './requests.service';

@ApiTags('Privacy')
@Controller('api/v1/requests')
export class RequestsController {
  constructor(private readonly requests: RequestsService) {}

  @Post()
  @Permit('requests.write')
  @ApiOperation({ summary: "Records a citizen's request about his data; due by the end of the second working day" })
  record(@Body() facts: RecordRequestDto, @CurrentActor() actor: Actor): Promise<RequestView> {
    return this.requests.record(actor, facts);
  }

  @Get()
  @Permit('requests.read')
  @ApiOperation({ summary: "Citizens' requests, with those past their time flagged" })
  find(@Query() query: RequestsQuery, @CurrentActor() actor: Actor): Promise<Page<RequestView>> {
    return this.requests.find(actor, { ...query, limit: query.limit ?? DEFAULT_PAGE_SIZE });
  }

  @Get(':id')
  @Permit('requests.read')
  @ApiOperation({ summary: 'One request' })
  one(@Param() { id }: IdParam, @CurrentActor() actor: Actor): Promise<RequestView> {
    return this.requests.one(actor, id);
  }

  @Post(':id/answer')
  @HttpCode(200)
  @Permit('requests.write')
  @ApiOperation({ summary: 'Records the answer, once' })
  answer(
    @Param() { id }: IdParam,
    @Body() { answer }: AnswerRequestDto,
    @CurrentActor() actor: Actor,
  ): Promise<RequestView> {
    return this.requests.answer(actor, id, answer);
  }
}
