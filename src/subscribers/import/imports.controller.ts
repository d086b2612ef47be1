import { randomUUID } from 'node:crypto';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiBody, type ApiBodyOptions, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '../../platform/database/database';
import type { Language } from '../../platform/errors';
import { type Actor, CurrentActor, CurrentLanguage, Permit } from '../../platform/http/actor';
import { IdParam } from '../../platform/http/ids';
import { DEFAULT_PAGE_SIZE, Page, toPage } from '../../platform/http/paging';
import { RemoveUpload } from '../remove-upload.interceptor';
import { uploadMissing } from '../subscriber-faults';
import { ImportService } from './import.service';
import type { ImportSettings } from './import-settings';
import { ImportView, importView } from './import-view';
import { ChoiceDto, ConfirmDto, ImportsQuery, UndoDto, UploadChoiceDto, WaitQuery } from './imports.dto';
import { newestImports } from './imports.store';

/** The name on disk: nothing of the office's own name reaches the file system. */
export const uploadName = (_request: unknown, _file: unknown, done: (error: null, name: string) => void): void =>
  done(null, randomUUID());

/** A choice that was not made is left out; null, back to the guess, becomes undefined. */
function choiceOf(choice: object): Partial<ImportSettings> {
  const made = Object.entries(choice).filter(([, value]) => value !== undefined);
  return Object.fromEntries(made.map(([name, value]) => [name, value ?? undefined]));
}

const FORM: ApiBodyOptions = {
  schema: {
    type: 'object',
    required: ['file'],
    properties: {
      file: { type: 'string', format: 'binary' },
      mergePolicy: { type: 'string', enum: ['fill-gaps', 'overwrite', 'keep'] },
      listDay: { type: 'string', example: '2021-05-04' },
      sheet: { type: 'string' },
      coding: { type: 'string' },
      source: { type: 'string' },
      legalBasis: { type: 'string' },
    },
  },
};

@ApiTags('Imports')
@Controller('api/v1')
export class ImportsController {
  constructor(
    private readonly database: Database,
    private readonly imports: ImportService,
  ) {}

  @Post('lists/:id/imports')
  @Permit('imports.run')
  @ApiOperation({ summary: 'Takes a file and says what would become of every row; nothing is imported yet' })
  @ApiConsumes('multipart/form-data')
  @ApiBody(FORM)
  @UseInterceptors(RemoveUpload, FileInterceptor('file'))
  async upload(
    @Param() { id: listId }: IdParam,
    @UploadedFile() file: Express.Multer.File | undefined,
    @Body() choice: UploadChoiceDto,
    @Query() { wait }: WaitQuery,
    @CurrentActor() actor: Actor,
    @CurrentLanguage() language: Language,
  ): Promise<ImportView> {
    if (!file) throw uploadMissing();
    const uploaded = { path: file.path, name: file.originalname.normalize('NFC') };
    return importView(await this.imports.upload(actor, listId, uploaded, choiceOf(choice), wait), language);
  }

  @Get('imports')
  @Permit('imports.read')
  @ApiOperation({ summary: 'Imports, newest first' })
  async all(@Query() query: ImportsQuery, @CurrentLanguage() language: Language): Promise<Page<ImportView>> {
    const limit = query.limit ?? DEFAULT_PAGE_SIZE;
    const found = await newestImports(this.database, { listId: query.listId, before: query.after, limit: limit + 1 });
    const views = found.map((record) => ({ ...importView(record, language), sample: null }));
    return toPage(views, limit, ({ id }) => id);
  }

  @Get('imports/:id')
  @Permit('imports.read')
  @ApiOperation({ summary: 'How an import stands, how its file was read, and what became of its rows' })
  async one(
    @Param() { id }: IdParam,
    @Query() { wait }: WaitQuery,
    @CurrentLanguage() language: Language,
  ): Promise<ImportView> {
    return importView(await this.imports.settled(id, wait), language);
  }

  @Patch('imports/:id')
  @Permit('imports.run')
  @ApiOperation({ summary: 'Chooses differently how a file is read and taken; it is analysed anew' })
  async choose(
    @Param() { id }: IdParam,
    @Body() choice: ChoiceDto,
    @Query() { wait }: WaitQuery,
    @CurrentActor() actor: Actor,
    @CurrentLanguage() language: Language,
  ): Promise<ImportView> {
    return importView(await this.imports.choose(actor, id, choiceOf(choice), wait), language);
  }

  @Post('imports/:id/confirm')
  @HttpCode(202)
  @Permit('imports.run')
  @ApiOperation({ summary: 'Imports what was analysed: the good rows are taken, the others stay reported' })
  async confirm(
    @Param() { id }: IdParam,
    @Body() { revision }: ConfirmDto,
    @Query() { wait }: WaitQuery,
    @CurrentActor() actor: Actor,
    @CurrentLanguage() language: Language,
  ): Promise<ImportView> {
    return importView(await this.imports.confirm(actor, id, revision, wait), language);
  }

  @Post('imports/:id/undo')
  @HttpCode(202)
  @Permit('imports.run')
  @ApiOperation({ summary: 'Puts the register back as before the import, for whoever nobody changed since' })
  async undo(
    @Param() { id }: IdParam,
    @Body() { reason }: UndoDto,
    @Query() { wait }: WaitQuery,
    @CurrentActor() actor: Actor,
    @CurrentLanguage() language: Language,
  ): Promise<ImportView> {
    return importView(await this.imports.undo(actor, id, reason, wait), language);
  }

  @Post('imports/:id/discard')
  @HttpCode(200)
  @Permit('imports.run')
  @ApiOperation({ summary: 'Deletes an uploaded file and its rows; nothing of it is imported' })
  async discard(
    @Param() { id }: IdParam,
    @CurrentActor() actor: Actor,
    @CurrentLanguage() language: Language,
  ): Promise<ImportView> {
    return importView(await this.imports.discard(actor, id), language);
  }
}
