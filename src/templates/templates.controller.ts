import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '../platform/database/database';
import { type Actor, CurrentActor, Permit } from '../platform/http/actor';
import { IdParam } from '../platform/http/ids';
import { Preview, previewText } from './preview';
import { findRecipient, valuesFor } from './recipient.read-model';
import { recipientNotFound, valueMissing } from './template-faults';
import { CreateTemplateDto, PreviewDto, VersionDto } from './templates.dto';
import { TemplatesService } from './templates.service';
import type { TemplateVersion } from './templates.store';
import { readTextValues, readVersionContent } from './version-content';

@ApiTags('Templates')
@Controller('api/v1')
export class TemplatesController {
  constructor(
    private readonly database: Database,
    private readonly templates: TemplatesService,
  ) {}

  @Get('topics')
  @Permit('templates.read')
  @ApiOperation({ summary: 'Topics that statistics are counted by' })
  topics(): Promise<{ code: string; nameVi: string; nameEn: string }[]> {
    return this.database.rows('select code, name_vi as "nameVi", name_en as "nameEn" from topics order by code');
  }

  @Get('templates')
  @Permit('templates.read')
  @ApiOperation({ summary: 'The newest version of every template' })
  newest(): Promise<TemplateVersion[]> {
    return this.templates.newest();
  }

  @Get('templates/:code')
  @Permit('templates.read')
  @ApiOperation({ summary: 'All versions of a template, newest first' })
  versions(@Param('code') code: string): Promise<TemplateVersion[]> {
    return this.templates.versionsOf(code);
  }

  @Post('templates')
  @Permit('templates.write')
  @ApiOperation({ summary: 'Writes a new template; its first version' })
  create(
    @Body() { code, topic, ...content }: CreateTemplateDto,
    @CurrentActor() actor: Actor,
  ): Promise<TemplateVersion> {
    return this.templates.create(actor, { code, topic }, readVersionContent(content));
  }

  @Post('templates/:code/versions')
  @Permit('templates.write')
  @ApiOperation({ summary: 'Adds a version; earlier ones stay as they are' })
  addVersion(
    @Param('code') code: string,
    @Body() content: VersionDto,
    @CurrentActor() actor: Actor,
  ): Promise<TemplateVersion> {
    return this.templates.addVersion(actor, code, readVersionContent(content));
  }

  @Post('template-versions/:id/preview')
  @Permit('templates.preview')
  @HttpCode(200)
  @ApiOperation({ summary: 'The text a recipient would get, with and without accents, and its segments' })
  async preview(@Param() { id }: IdParam, @Body() { subscriberId, values }: PreviewDto): Promise<Preview> {
    const version = await this.templates.version(id);
    const given = readTextValues('values', values ?? {});
    if (subscriberId === undefined) return previewText(version.compiled, { ...version.example, ...given });
    const recipient = await findRecipient(this.database, subscriberId);
    if (!recipient) throw recipientNotFound({ id: subscriberId });
    const texts = valuesFor(version.variables, recipient, given);
    const [missing] = version.compiled.missing(texts);
    if (missing) {
      const field = version.variables[missing]?.source === 'campaign' ? `values.${missing}` : 'subscriberId';
      throw valueMissing({ names: version.compiled.missing(texts).join(', ') }, { field });
    }
    return previewText(version.compiled, texts);
  }
}
