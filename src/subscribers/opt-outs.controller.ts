import { Body, Controller, Get, HttpCode, Post, Query, UploadedFile, UseInterceptors } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import { appendAudit } from '../audit';
import { Database } from '../platform/database/database';
import type { Language } from '../platform/errors';
import { type Actor, CurrentActor, CurrentLanguage, Permit } from '../platform/http/actor';
import { DEFAULT_PAGE_SIZE, Page, toPage } from '../platform/http/paging';
import { Secrets } from '../platform/secrets';
import { OptOutsFile, OptOutsFileReport, RejectedNumber } from './opt-outs-file.service';
import { LiftOptOutDto, OptOutsFileDto, OptOutsQuery, PhoneQuery, RecordOptOutDto } from './opt-outs.dto';
import { findEpisodes, findOptOuts, OptOutEpisode, OptOutRow } from './opt-outs.read-model';
import { LiftedOptOut, OptOut, OptOuts } from './opt-outs.service';
import { readPhone } from './read-phone';
import { RemoveUpload } from './remove-upload.interceptor';
import { revealPhones } from './reveal-phones';
import { uploadMissing } from './subscriber-faults';

type ShownFileReport = Omit<OptOutsFileReport, 'rejectedRows'> & {
  readonly rejectedRows: readonly (Omit<RejectedNumber, 'message'> & { readonly message: string })[];
};

@ApiTags('Opt-outs')
@Controller('api/v1/opt-outs')
export class OptOutsController {
  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly optOuts: OptOuts,
    private readonly files: OptOutsFile,
  ) {}

  @Post()
  @Permit('opt-outs.record')
  @ApiOperation({ summary: 'Records an opt-out; final at once, for queued texts too' })
  record(
    @Body() { phone, source, reason }: RecordOptOutDto,
    @CurrentActor() actor: Actor,
  ): Promise<OptOut & { isNew: boolean }> {
    return this.optOuts.record(actor, readPhone(phone), source, reason);
  }

  @Post('file')
  @Permit('opt-outs.record')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Records the numbers of an Excel or CSV file as opt-outs; rows without one are listed',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      properties: { file: { type: 'string', format: 'binary' }, reason: { type: 'string', maxLength: 500 } },
      required: ['file', 'reason'],
    },
  })
  @UseInterceptors(RemoveUpload, FileInterceptor('file'))
  async recordFile(
    @UploadedFile() file: Express.Multer.File | undefined,
    @Body() { reason }: OptOutsFileDto,
    @CurrentActor() actor: Actor,
    @CurrentLanguage() language: Language,
  ): Promise<ShownFileReport> {
    if (!file) throw uploadMissing();
    const named = { path: file.path, name: file.originalname.normalize('NFC') };
    const report = await this.files.record(actor, named, reason);
    const rejectedRows = report.rejectedRows.map((row) => ({ ...row, message: row.message[language] }));
    return { ...report, rejectedRows };
  }

  @Post('lift')
  @Permit('opt-outs.lift')
  @HttpCode(200)
  @ApiOperation({ summary: "Lifts an opt-out by the citizen's own later consent, which stays on record for ever" })
  lift(@Body() { phone, consent }: LiftOptOutDto, @CurrentActor() actor: Actor): Promise<LiftedOptOut> {
    return this.optOuts.lift(actor, readPhone(phone), consent);
  }

  @Get()
  @Permit('opt-outs.read')
  @ApiOperation({ summary: 'Opt-outs in force, newest first, or that of one number' })
  async all(@Query() query: OptOutsQuery, @CurrentActor() actor: Actor): Promise<Page<OptOutRow>> {
    const { phone, after: before, limit = DEFAULT_PAGE_SIZE } = query;
    const phoneKey = phone === undefined ? undefined : this.secrets.phoneDigest(readPhone(phone));
    const rows = await findOptOuts(this.database, { phoneKey, before, limit: limit + 1 });
    const page = toPage(rows, limit, ({ id }) => id);
    const items = await revealPhones(this.database, actor, 'opt-outs.view-phones', page.items);
    return { ...page, items };
  }

  @Get('history')
  @Permit('opt-outs.read')
  @ApiOperation({ summary: 'Every opt-out of a number, newest first, each with the consent that lifted it' })
  async history(@Query() { phone }: PhoneQuery, @CurrentActor() actor: Actor): Promise<OptOutEpisode[]> {
    const phoneKey = this.secrets.phoneDigest(readPhone(phone));
    const episodes = await findEpisodes(this.database, phoneKey);
    const subject = `opt-out:${phoneKey.toString('hex')}`;
    await this.database.transaction((tx) => appendAudit(tx, { actor, act: 'opt-outs.view-history', subject }));
    return episodes;
  }
}
