import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Permit } from '../platform/http/actor';
import { CreateLegalFieldDto, CreateTopicDto, EditLegalFieldDto, EditTopicDto } from './topics.dto';
import { TopicsService } from './topics.service';
import type { LegalField, Topic } from './topics.store';

@ApiTags('Topics')
@Controller('api/v1')
export class TopicsController {
  constructor(private readonly service: TopicsService) {}

  @Get('topics')
  @Permit('templates.read')
  @ApiOperation({ summary: 'Topics that statistics are counted by, archived ones last' })
  topics(): Promise<Topic[]> {
    return this.service.topics();
  }

  @Post('topics')
  @Permit('topics.manage')
  @ApiOperation({ summary: 'Adds a topic' })
  addTopic(@Body() facts: CreateTopicDto, @CurrentActor() actor: Actor): Promise<Topic> {
    return this.service.addTopic(actor, facts);
  }

  @Patch('topics/:code')
  @Permit('topics.manage')
  @ApiOperation({ summary: 'Renames a topic, sets the days between two texts on it, archives it or takes it back' })
  editTopic(@Param('code') code: string, @Body() changes: EditTopicDto, @CurrentActor() actor: Actor): Promise<Topic> {
    return this.service.editTopic(actor, code, changes);
  }

  @Get('legal-fields')
  @Permit('templates.read')
  @ApiOperation({ summary: 'Legal fields that templates belong to, archived ones last' })
  legalFields(): Promise<LegalField[]> {
    return this.service.legalFields();
  }

  @Post('legal-fields')
  @Permit('topics.manage')
  @ApiOperation({ summary: 'Adds a legal field' })
  addLegalField(@Body() facts: CreateLegalFieldDto, @CurrentActor() actor: Actor): Promise<LegalField> {
    return this.service.addLegalField(actor, facts);
  }

  @Patch('legal-fields/:code')
  @Permit('topics.manage')
  @ApiOperation({ summary: 'Renames a legal field, archives it or takes it back' })
  editLegalField(
    @Param('code') code: string,
    @Body() changes: EditLegalFieldDto,
    @CurrentActor() actor: Actor,
  ): Promise<LegalField> {
    return this.service.editLegalField(actor, code, changes);
  }
}
