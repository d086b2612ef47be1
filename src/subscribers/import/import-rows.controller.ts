import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { appendAudit } from '../../audit';
import { loadAreaMatcher } from '../areas/area-matcher';
import { Clock, localDay } from '../../platform/clock';
import { Database } from '../../platform/database/database';
import type { Language } from '../../platform/errors';
import { type Actor, CurrentActor, CurrentLanguage, Permit } from '../../platform/http/actor';
import { IdParam } from '../../platform/http/ids';
import { DEFAULT_PAGE_SIZE, Page, toPage } from '../../platform/http/paging';
import { rowsEmptied } from './import-faults';
import { ImportService } from './import.service';
import { countCodes, findRows, type ImportRow, type RowVerdict } from './import-rows.read-model';
import type { ImportRecord } from './imports.store';
import { RowsQuery } from './imports.dto';
import { RowDownloads } from './row-downloads.service';
import { Finding, findingsOf, messageOf } from './row-findings';

/** What became of a row, and why. */
interface RowView {
  readonly rowNumber: number;
  readonly verdict: RowVerdict;
  readonly optedOut: boolean;
  readonly phone: string | null;
  readonly fullName: string | null;
  readonly findings: readonly Finding[];
}

interface CodeCount {
  readonly code: string;
  /** `rejected`, or `warned`: taken nevertheless. */
  readonly verdict: string;
  readonly rows: number;
  readonly message: string;
}

@ApiTags('Imports')
@Controller('api/v1/imports/:id')
export class ImportRowsController {
  constructor(
    private readonly database: Database,
    private readonly imports: ImportService,
    private readonly downloads: RowDownloads,
    private readonly clock: Clock,
  ) {}

  @Get('rows')
  @Permit('imports.read')
  @ApiOperation({
    summary: 'The verdict on every row: row and column as in Excel, the cell, the reason and what to do',
  })
  async rows(
    @Param() { id }: IdParam,
    @Query() query: RowsQuery,
    @CurrentActor() actor: Actor,
    @CurrentLanguage() language: Language,
  ): Promise<Page<RowView>> {
    const record = await this.withRows(id);
    const limit = query.limit ?? DEFAULT_PAGE_SIZE;
    const rows = await findRows(this.database, id, { ...query, after: query.after ?? 0, limit: limit + 1 });
    const page = toPage(rows, limit, ({ rowNumber }) => rowNumber);
    await this.database.transaction((tx) =>
      appendAudit(tx, {
        actor,
        act: 'import.view-rows',
        subject: `import:${id}`,
        details: { count: page.items.length },
      }),
    );
    return { ...page, items: await this.views(record, page.items, language) };
  }

  @Get('findings')
  @Permit('imports.read')
  @ApiOperation({ summary: 'How many rows were rejected or warned of, by reason' })
  async findings(@Param() { id }: IdParam, @CurrentLanguage() language: Language): Promise<CodeCount[]> {
    await this.withRows(id);
    const counts = await countCodes(this.database, id);
    return counts.map((count) => ({ ...count, message: messageOf(count.verdict, count.code)[language] }));
  }

  @Get('rejected-rows.csv')
  @Permit('imports.read')
  @ApiOperation({ summary: "The rejected rows in the office's own columns, to be mended and sent again" })
  rejectedCsv(
    @Param() { id }: IdParam,
    @CurrentActor() actor: Actor,
    @CurrentLanguage() language: Language,
  ): Promise<StreamableFile> {
    return this.downloads.download(actor, id, { kind: 'rejected-rows', format: 'csv' }, language);
  }

  @Get('rejected-rows.xlsx')
  @Permit('imports.read')
  @ApiOperation({ summary: 'The same as a workbook' })
  rejectedXlsx(
    @Param() { id }: IdParam,
    @CurrentActor() actor: Actor,
    @CurrentLanguage() language: Language,
  ): Promise<StreamableFile> {
    return this.downloads.download(actor, id, { kind: 'rejected-rows', format: 'xlsx' }, language);
  }

  @Get('verdicts.csv')
  @Permit('imports.read')
  @ApiOperation({ summary: 'What became of every row' })
  verdictsCsv(
    @Param() { id }: IdParam,
    @CurrentActor() actor: Actor,
    @CurrentLanguage() language: Language,
  ): Promise<StreamableFile> {
    return this.downloads.download(actor, id, { kind: 'verdicts', format: 'csv' }, language);
  }

  @Get('verdicts.xlsx')
  @Permit('imports.read')
  @ApiOperation({ summary: 'The same as a workbook' })
  verdictsXlsx(
    @Param() { id }: IdParam,
    @CurrentActor() actor: Actor,
    @CurrentLanguage() language: Language,
  ): Promise<StreamableFile> {
    return this.downloads.download(actor, id, { kind: 'verdicts', format: 'xlsx' }, language);
  }

  private async withRows(id: number): Promise<ImportRecord> {
    const record = await this.imports.one(id);
    if (record.emptiedAt !== null) throw rowsEmptied();
    return record;
  }

  private async views(record: ImportRecord, rows: readonly ImportRow[], language: Language): Promise<RowView[]> {
    const { reading, settings } = record;
    if (!reading) return [];
    const needsAreas = rows.some(({ areaText }) => areaText !== null);
    const asOf = settings.listDay ?? localDay(this.clock.now());
    const areas = needsAreas ? await loadAreaMatcher(this.database, { asOf }) : undefined;
    return rows.map((row) => {
      const { rowNumber, verdict, optedOut, phone, fullName, areaText } = row;
      const match = areaText === null ? undefined : areas?.match(areaText);
      const candidates = match?.areaId === null ? match.candidates : [];
      return {
        rowNumber,
        verdict,
        optedOut,
        phone,
        fullName,
        findings: findingsOf(row, reading, language, candidates),
      };
    });
  }
}
