import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '../database/database';
import { fault } from '../errors';
import { Public } from './actor';

const notReady = fault('unavailable', 'health.not-ready', {
  vi: 'Cơ sở dữ liệu chưa trả lời. Hãy thử lại sau ít giây.',
  en: 'The database does not answer. Try again in a few seconds.',
});
const ANSWER_WITHIN_MS = 2_000;

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(private readonly database: Database) {}

  @Get('live')
  @Public()
  @ApiOperation({ summary: 'The process answers' })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @Public()
  @ApiOperation({ summary: 'The process can do its work: the database answers' })
  async ready(): Promise<{ status: 'ok' }> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(notReady({}, { retryAfterSeconds: 5 })), ANSWER_WITHIN_MS);
    });
    try {
      await Promise.race([this.database.rows('select 1'), late]);
      return { status: 'ok' };
    } catch {
      throw notReady({}, { retryAfterSeconds: 5 });
    } finally {
      clearTimeout(timer);
    }
  }
}
