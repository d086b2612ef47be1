import {
  Body,
  Controller,
  Get,
  Param,
  Post,
  Query,
  Res,
  StreamableFile,
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiBody, type ApiBodyOptions, ApiConsumes, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { memoryStorage } from 'multer';
import { Database } from '../../platform/database/database';
import { fault } from '../../platform/errors';
import { type Actor, CurrentActor, Permit } from '../../platform/http/actor';
import { IdParam } from '../../platform/http/ids';
import { DEFAULT_PAGE_SIZE, type Page, PageQuery, toPage } from '../../platform/http/paging';
import { NewDocumentDto } from './official-documents.dto';
import { findDocuments, type OfficialDocument } from './official-documents.read-model';
import { OfficialDocuments } from './official-documents.service';
import { MOST_SCAN_MB, RefuseLargeScan } from './refuse-large-scan.interceptor';

export const scanMissing = fault(
  'invalid',
  'document.file-missing',
  {
    vi: 'Chưa có bản chụp. Gửi tệp PDF, PNG hoặc JPEG trong trường "file".',
    en: 'No scan. Send a PDF, PNG or JPEG in the field "file".',
  },
  'file',
);

const FORM: ApiBodyOptions = {
  schema: {
    type: 'object',
    required: ['file', 'number', 'issuedOn', 'signer'],
    properties: {
      file: { type: 'string', format: 'binary' },
      number: { type: 'string', example: '12/STP-PBGDPL' },
      issuedOn: { type: 'string', example: '2021-05-04' },
      signer: { type: 'string', example: 'Giám đốc Nguyễn Văn An' },
    },
  },
};

/** Kept in memory: small enough, and nothing of it lies about on a disk. Reading stops at the limit. */
const UPLOAD = {
  storage: memoryStorage(),
  limits: { fileSize: MOST_SCAN_MB * 1024 * 1024, files: 1, fields: 10, fieldSize: 10_000 },
  // Multer would read file names as Latin-1.
  defParamCharset: 'utf8',
};

@ApiTags('Official documents')
@Controller('api/v1/official-documents')
export class OfficialDocumentsController {
  constructor(
    private readonly database: Database,
    private readonly documents: OfficialDocuments,
  ) {}

  @Post()
  @Permit('documents.write')
  @ApiOperation({
    summary: 'Keeps the paper behind a campaign: number, day, signer and the scan. The same again is once',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody(FORM)
  @UseInterceptors(RefuseLargeScan, FileInterceptor('file', UPLOAD))
  async upload(
    @UploadedFile() file: Express.Multer.File | undefined,
    @Body() dto: NewDocumentDto,
    @CurrentActor() actor: Actor,
  ): Promise<OfficialDocument> {
    if (!file) throw scanMissing();
    return this.documents.upload(actor, dto, { name: file.originalname, content: file.buffer });
  }

  @Get()
  @Permit('documents.read')
  @ApiOperation({ summary: 'Official documents, newest first' })
  async all(@Query() { after, limit = DEFAULT_PAGE_SIZE }: PageQuery): Promise<Page<OfficialDocument>> {
    return toPage(await findDocuments(this.database, { before: after, limit: limit + 1 }), limit, ({ id }) => id);
  }

  @Get(':id')
  @Permit('documents.read')
  @ApiOperation({ summary: 'One official document, with the SHA-256 of its scan' })
  one(@Param() { id }: IdParam): Promise<OfficialDocument> {
    return this.documents.get(id);
  }

  @Get(':id/file')
  @Permit('documents.read')
  @ApiProduces('application/pdf', 'image/png', 'image/jpeg')
  @ApiOperation({ summary: 'The scan, compared with its SHA-256 before it is given out' })
  async file(@Param() { id }: IdParam, @Res({ passthrough: true }) response: Response): Promise<StreamableFile> {
    const { document, content } = await this.documents.download(id);
    // Express writes the name by RFC 6266: in ASCII, and in full for who reads UTF-8.
    response.attachment(document.fileName);
    response.type(document.mediaType);
    return new StreamableFile(content, { length: content.length });
  }
}
