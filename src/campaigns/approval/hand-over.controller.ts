import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Permit } from '../../platform/http/actor';
import { HandOverDto, OpenWorkQuery } from './hand-over.dto';
import type { OpenWork } from './hand-over.read-model';
import { type HandedOver, HandOver } from './hand-over.service';

/** Stands before the campaigns' own controller, whose `:id` would take the word for a number. */
@ApiTags('Campaigns')
@Controller('api/v1/campaigns/hand-over')
export class HandOverController {
  constructor(private readonly work: HandOver) {}

  @Get()
  @Permit('campaigns.hand-over')
  @ApiOperation({ summary: 'What somebody is answerable for and has not ended: what would change hands' })
  preview(@Query() { fromUserId }: OpenWorkQuery, @CurrentActor() actor: Actor): Promise<OpenWork> {
    return this.work.preview(actor, fromUserId);
  }

  @Post()
  @Permit('campaigns.hand-over')
  @HttpCode(200)
  @ApiOperation({ summary: 'Makes another member of staff answerable for all of it' })
  handOver(@Body() dto: HandOverDto, @CurrentActor() actor: Actor): Promise<HandedOver> {
    return this.work.handOver(actor, dto);
  }
}
