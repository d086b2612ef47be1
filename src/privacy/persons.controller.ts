import { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { fillIn, type Language, type Localised } from '../platform/errors';
import { type Actor, CurrentActor, CurrentLanguage, Permit } from '../platform/http/actor';
import { csvDownload } from '../platform/http/csv-download';
import { personSheet, type SheetLine } from './person-sheet';
import type { PersonRecord } from './person.read-model';
import { ErasePersonDto, PersonQuery } from './persons.dto';
import { Erasure, PersonsService } from './persons.service';

const COLUMNS: Readonly<Record<keyof SheetLine, Localised>> = {
  part: { vi: 'Mục', en: 'Part' },
  field: { vi: 'Thông tin', en: 'Field' },
  value: { vi: 'Nội dung', en: 'Value' },
};
/** Without the number: file names are seen by everybody who passes the desk. */
const FILE_NAME: Localised = { vi: 'du-lieu-ca-nhan.csv', en: 'personal-data.csv' };

@ApiTags('Privacy')
@Controller('api/v1/privacy/persons')
export class PersonsController {
  constructor(private readonly persons: PersonsService) {}

  @Get('export')
  @Permit('privacy.export')
  @ApiOperation({ summary: 'Everything known of one person; put on record' })
  export(@Query() which: PersonQuery, @CurrentActor() actor: Actor): Promise<PersonRecord> {
    return this.persons.export(actor, which);
  }

  @Get('export.csv')
  @Permit('privacy.export')
  @ApiOperation({ summary: 'The same as a file that the citizen can be given; put on record' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async download(
    @Query() which: PersonQuery,
    @CurrentActor() actor: Actor,
    @CurrentLanguage() language: Language,
  ): Promise<StreamableFile> {
    const lines = personSheet(await this.persons.export(actor, which), language);
    const columns = Object.entries(COLUMNS).map(([key, header]) => ({ key, header: header[language] }));
    return csvDownload(Readable.from(lines), columns, FILE_NAME[language]);
  }

  @Post('erasure')
  @HttpCode(200)
  @Permit('privacy.erase')
  @ApiOperation({ summary: 'Erases one person everywhere and suppresses the number; statistics stay' })
  async erase(
    @Body() order: ErasePersonDto,
    @CurrentActor() actor: Actor,
    @CurrentLanguage() language: Language,
  ): Promise<Erasure & { said: string }> {
    const erasure = await this.persons.erase(actor, order);
    return { ...erasure, said: sayErasure(erasure)[language] };
  }
}

/** What a person reads out to the citizen. */
function sayErasure({ isKnown, wasErasedBefore, inFlight, erased: { uploadedFiles } }: Erasure): Localised {
  const sentences = [
    isKnown ? ERASED : wasErasedBefore ? ERASED_BEFORE : NOTHING_KNOWN,
    SUPPRESSED,
    ...(inFlight > 0 ? [fillIn(IN_FLIGHT, { inFlight })] : []),
    ...(uploadedFiles > 0 ? [fillIn(FILES_DELETED, { uploadedFiles })] : []),
  ];
  const join = (language: Language): string => sentences.map((sentence) => sentence[language]).join(' ');
  return { vi: join('vi'), en: join('en') };
}

const ERASED: Localised = {
  vi: 'Đã xóa mọi dữ liệu về người này; số liệu thống kê giữ nguyên.',
  en: 'All data about this person have been erased; the statistics stay as they were.',
};
const ERASED_BEFORE: Localised = {
  vi: 'Dữ liệu về số này đã được xóa từ trước, nay không còn gì để xóa.',
  en: 'The data about this number were erased before; nothing is left to erase.',
};
const NOTHING_KNOWN: Localised = {
  vi: 'Hệ thống không có dữ liệu nào về số này.',
  en: 'Nothing was known of this number.',
};
const SUPPRESSED: Localised = {
  vi: 'Số này không nhận tin và không được nhập lại nữa, trừ khi có văn bản đồng ý được ghi nhận.',
  en: 'The number gets no texts and is not imported again, unless a consent is recorded.',
};
const IN_FLIGHT: Localised = {
  vi: '{inFlight} tin đã giao cho nhà mạng trước đó, không gọi lại được và có thể vẫn đến máy.',
  en: '{inFlight} text(s) had been handed to the operator before; they cannot be called back and may still arrive.',
};
const FILES_DELETED: Localised = {
  vi: '{uploadedFiles} tệp đang chờ nhập đã bị xóa vì có thể chứa người này: hãy xác nhận kết quả phân tích hoặc gửi lại tệp không có người này.',
  en: '{uploadedFiles} file(s) waiting to be imported were deleted, for they may name the person: confirm their analysis, or send them again without that person.',
};
