import { Readable } from 'node:stream';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { appendAudit } from '../audit';
import { Database, Transaction } from '../platform/database/database';
import type { Language } from '../platform/errors';
import { type Actor, CurrentActor, CurrentLanguage, Permit } from '../platform/http/actor';
import { csvDownload } from '../platform/http/csv-download';
import { readNames } from './names.read-model';
import { readScope, Scope } from './scope';
import { csvOf } from './statistics-csv';
import { Statistics, StatisticsQuery } from './statistics.dto';
import { countFigures, countPeople } from './statistics.read-model';
import { makeTable, StatisticsTable } from './statistics-table';

@ApiTags('Statistics')
@Controller('api/v1')
export class StatisticsController {
  constructor(private readonly database: Database) {}

  @Get('statistics')
  @Permit('statistics.read')
  @ApiOperation({ summary: 'Messages, segments, distinct subscribers and outcomes of any period' })
  @ApiOkResponse({ type: Statistics })
  read(@Query() query: StatisticsQuery, @CurrentLanguage() language: Language): Promise<StatisticsTable> {
    const scope = readScope(query);
    return this.inOneSnapshot(async (tx) => {
      await tx.run('set transaction read only');
      return readTable(tx, scope, language);
    });
  }

  @Get('statistics.csv')
  @Permit('statistics.read')
  @ApiOperation({ summary: 'The same as CSV, with a last row of totals; the export is put on record' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async export(
    @Query() query: StatisticsQuery,
    @CurrentLanguage() language: Language,
    @CurrentActor() actor: Actor,
  ): Promise<StreamableFile> {
    const scope = readScope(query);
    const table = await this.inOneSnapshot(async (tx) => {
      const made = await readTable(tx, scope, language);
      await appendAudit(tx, {
        actor,
        act: 'statistics.export',
        subject: 'statistics',
        details: detailsOf(scope, made),
      });
      return made;
    });
    const { columns, rows, fileName } = csvOf(table, language);
    return csvDownload(Readable.from(rows), columns, fileName);
  }

  /** The states of batches, their counters and their messages all as they were at one instant. */
  private inOneSnapshot<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work, 'REPEATABLE READ');
  }
}

async function readTable(tx: Transaction, scope: Scope, language: Language): Promise<StatisticsTable> {
  const counted = await countFigures(tx, scope);
  const names = await readNames(tx, scope, counted, language);
  return makeTable(scope, counted, await countPeople(tx, scope), names);
}

function detailsOf({ period, by, campaignId, topic, areaId }: Scope, { rows }: StatisticsTable) {
  return { ...period, by: [...by], campaignId, topic, areaId, rows: rows.length };
}
