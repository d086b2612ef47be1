import { randomUUID } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { Controller, Get, Param, Post, StreamableFile, UploadedFile, UseInterceptors } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, CurrentLanguage, Permit } from '../../platform/http/actor';
import { IdParam } from '../../platform/http/ids';
import type { Language } from '../../platform/errors';
import { uploadMissing } from '../subscriber-faults';
import { ImportReport, ImportService } from './import.service';
import { RejectionsService } from './rejections.service';

/** The name on disk: nothing of the office's own name reaches the file system. */
export const uploadName = (_request: unknown, _file: unknown, done: (error: null, name: string) => void): void =>
  done(null, randomUUID());

@ApiTags('Subscribers')
@Controller('api/v1')
export class ImportsController {
  constructor(
    private readonly imports: ImportService,
    private readonly rejections: RejectionsService,
  ) {}

  @Post('lists/:id/imports')
  @Permit('imports.run')
  @ApiOperation({ summary: 'Imports a CSV or XLSX file into a list; the good rows are taken, the others reported' })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } }, required: ['file'] },
  })
  @UseInterceptors(FileInterceptor('file'))
  async run(
    @Param() { id: listId }: IdParam,
    @UploadedFile() file: Express.Multer.File | undefined,
    @CurrentActor() actor: Actor,
  ): Promise<ImportReport> {
    if (!file) throw uploadMissing();
    try {
      return await this.imports.run(actor, listId, { path: file.path, name: file.originalname.normalize('NFC') });
    } finally {
      await unlink(file.path);
    }
  }

  @Get('imports/:id')
  @Permit('imports.read')
  @ApiOperation({ summary: 'What became of the rows of a file' })
  report(@Param() { id }: IdParam): Promise<ImportReport> {
    return this.imports.report(id);
  }

  @Get('imports/:id/rejections.csv')
  @Permit('imports.read')
  @ApiOperation({ summary: 'The rejected rows: row number, column, value, reason and what to do' })
  download(
    @Param() { id }: IdParam,
    @CurrentActor() actor: Actor,
    @CurrentLanguage() language: Language,
  ): Promise<StreamableFile> {
    return this.rejections.download(actor, id, language);
  }
}
