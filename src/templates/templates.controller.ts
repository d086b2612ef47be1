import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Permit } from '../platform/http/actor';
import type { Comparison } from './compare-versions';
import { CompareQuery, CreateTemplateDto, TemplatesQuery, VersionDto } from './templates.dto';
import { TemplatesService } from './templates.service';
import type { TemplateVersion } from './templates.store';
import { readVersionContent } from './version-content';

@ApiTags('Templates')
@Controller('api/v1/templates')
export class TemplatesController {
  constructor(private readonly templates: TemplatesService) {}

  @Get()
  @Permit('templates.read')
  @ApiOperation({ summary: 'The newest version of every template; archived ones only when asked for' })
  newest(@Query() { archived }: TemplatesQuery): Promise<TemplateVersion[]> {
    return this.templates.newest(archived);
  }

  @Get(':code')
  @Permit('templates.read')
  @ApiOperation({ summary: 'All versions of a template, newest first' })
  versions(@Param('code') code: string): Promise<TemplateVersion[]> {
    return this.templates.versionsOf(code);
  }

  @Get(':code/compare')
  @Permit('templates.read')
  @ApiOperation({ summary: 'What changed between two versions: texts word by word, everything else before and after' })
  compare(@Param('code') code: string, @Query() { from, to }: CompareQuery): Promise<Comparison> {
    return this.templates.compare(code, { from, to });
  }

  @Post()
  @Permit('templates.write')
  @ApiOperation({ summary: 'Writes a new template; its first version' })
  create(
    @Body() { code, topic, legalField, ...content }: CreateTemplateDto,
    @CurrentActor() actor: Actor,
  ): Promise<TemplateVersion> {
    return this.templates.create(actor, { code, topic, legalField }, readVersionContent(content));
  }

  @Post(':code/versions')
  @Permit('templates.write')
  @ApiOperation({ summary: 'Adds a version; earlier ones stay as they are' })
  addVersion(
    @Param('code') code: string,
    @Body() content: VersionDto,
    @CurrentActor() actor: Actor,
  ): Promise<TemplateVersion> {
    return this.templates.addVersion(actor, code, readVersionContent(content));
  }

  @Post(':code/archive')
  @Permit('templates.write')
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes a template out of use; it is never deleted' })
  archive(@Param('code') code: string, @CurrentActor() actor: Actor): Promise<TemplateVersion> {
    return this.templates.archive(actor, code, true);
  }

  @Post(':code/unarchive')
  @Permit('templates.write')
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes a template back into use' })
  unarchive(@Param('code') code: string, @CurrentActor() actor: Actor): Promise<TemplateVersion> {
    return this.templates.archive(actor, code, false);
  }
}
