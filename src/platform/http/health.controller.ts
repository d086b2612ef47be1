import { Controller, Get, type OnModuleDestroy } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '../database/database';
import { readMigrations } from '../database/migrations';
import { fault } from '../errors';
import { Public } from './actor';

const notReady = fault('unavailable', 'health.not-ready', {
  vi: 'Cơ sở dữ liệu chưa trả lời. Hãy thử lại sau ít giây.',
  en: 'The database does not answer. Try again in a few seconds.',
});
const stopping = fault('unavailable', 'health.stopping', {
  vi: 'Dịch vụ này đang dừng. Hãy dùng một bản khác.',
  en: 'This instance is stopping. Use another one.',
});
const schemaTooOld = fault('unavailable', 'health.schema-too-old', {
  vi: 'Cơ sở dữ liệu thiếu {missing} bước nâng cấp mà phiên bản này cần. Hãy chạy npm run migrate.',
  en: 'The database lacks {missing} migrations that this version needs. Run npm run migrate.',
});
const ANSWER_WITHIN_MS = 2_000;

@ApiTags('Health')
@Controller('health')
export class HealthController implements OnModuleDestroy {
  private readonly migrations = readMigrations().then((all) => all.map(({ name }) => name));

  private isStopping = false;

  constructor(private readonly database: Database) {}

  /** The first that happens when the service stops: whoever shares requests out looks for another instance from then on. */
  onModuleDestroy(): void {
    this.isStopping = true;
  }

  @Get('live')
  @Public()
  @ApiOperation({ summary: 'The process answers' })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /**
   * A newer schema does no harm: instances of both versions run side by side. Gateways are not asked: an instance without
   * one still serves people, and taking all instances out because a carrier is away would take the console from them too.
   */
  @Get('ready')
  @Public()
  @ApiOperation({
    summary:
      'The process can do its work: the database answers and has the schema this version needs; else 503 and why',
  })
  async ready(): Promise<{ status: 'ok'; database: 'ok'; schema: 'ok' }> {
    if (this.isStopping) throw stopping({}, { retryAfterSeconds: 5 });
    const missing = await this.countMissing();
    if (missing > 0) throw schemaTooOld({ missing }, { retryAfterSeconds: 5 });
    return { status: 'ok', database: 'ok', schema: 'ok' };
  }

  /** @throws notReady */
  private async countMissing(): Promise<number> {
    const known = await this.migrations;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(notReady({}, { retryAfterSeconds: 5 })), ANSWER_WITHIN_MS);
    });
    const reading = this.database.row<{ missing: number }>(
      'select $1::int - count(*)::int as missing from schema_migrations where name = any($2)',
      [known.length, known],
    );
    // It may still fail when nobody waits for it any more.
    reading.catch(() => undefined);
    try {
      return (await Promise.race([reading, late]))!.missing;
    } catch {
      throw notReady({}, { retryAfterSeconds: 5 });
    } finally {
      clearTimeout(timer);
    }
  }
}
