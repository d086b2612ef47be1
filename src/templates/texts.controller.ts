import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '../platform/database/database';
import { Permit } from '../platform/http/actor';
import { IdParam } from '../platform/http/ids';
import type { Language } from './languages';
import { checkText, Preview, previewText, type TextCheck } from './preview';
import { findRecipient, valueOrDefault, valuesFor } from './recipient.read-model';
import type { TemplateValues } from './render';
import { recipientNotFound, valueMissing, valueUnfit } from './template-faults';
import { TEMPLATE_HELPERS, type TemplateHelper } from './template-helpers';
import { PreviewDto, TextCheckDto } from './templates.dto';
import { type CompiledVersion, TemplatesService } from './templates.service';
import { readTextValues } from './version-content';

@ApiTags('Templates')
@Controller('api/v1')
export class TextsController {
  constructor(
    private readonly database: Database,
    private readonly templates: TemplatesService,
  ) {}

  @Get('template-helpers')
  @Permit('templates.read')
  @ApiOperation({ summary: 'What a body may use beside plain variables, each with an example' })
  helpers(): readonly TemplateHelper[] {
    return TEMPLATE_HELPERS;
  }

  @Post('text-check')
  @Permit('templates.read')
  @HttpCode(200)
  @ApiOperation({ summary: 'A typed text in both modes, its segments, and the characters that make it dearer' })
  check(@Body() { text }: TextCheckDto): TextCheck {
    return checkText(text);
  }

  @Post('template-versions/:id/preview')
  @Permit('templates.preview')
  @HttpCode(200)
  @ApiOperation({ summary: 'The text a recipient would get, with and without accents, and its segments' })
  async preview(
    @Param() { id }: IdParam,
    @Body() { subscriberId, values, language }: PreviewDto,
  ): Promise<Preview & { language: Language | 'vi' }> {
    const version = await this.templates.version(id);
    const given = readTextValues('values', values ?? {});
    const recipient = subscriberId === undefined ? undefined : await findRecipient(this.database, subscriberId);
    if (subscriberId !== undefined && !recipient) throw recipientNotFound({ id: subscriberId });
    const texts = recipient ? valuesFor(version.variables, recipient, given) : exampleValues(version, given);
    const wanted = language === 'vi' ? null : (language ?? recipient?.language ?? null);
    const written = wanted !== null && version.variants[wanted] !== undefined ? wanted : null;
    const compiled = version.inLanguage(written);
    const fieldOf = (name: string): string =>
      recipient && version.variables[name]?.source === 'subscriber' ? 'subscriberId' : `values.${name}`;
    const missing = compiled.missing(texts);
    if (missing.length > 0) throw valueMissing({ names: missing.join(', ') }, { field: fieldOf(missing[0]!) });
    const unfit = compiled.unfit(texts);
    if (unfit.length > 0) throw valueUnfit({ names: unfit.join(', ') }, { field: fieldOf(unfit[0]!) });
    return { language: written ?? 'vi', ...previewText(compiled, texts) };
  }
}

/** The version's example with what was typed over it. */
function exampleValues(version: CompiledVersion, given: Readonly<Record<string, string>>): TemplateValues {
  const values = Object.entries(version.variables).map(([name, variable]) => [
    name,
    valueOrDefault(variable, given[name] ?? version.example[name]),
  ]);
  return Object.fromEntries(values) as TemplateValues;
}
