import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength } from 'class-validator';
import { appendAudit } from '../audit';
import { Config } from '../platform/config';
import { Database } from '../platform/database/database';
import { fault } from '../platform/errors';
import { type Actor, CurrentActor, Permit } from '../platform/http/actor';
import { IdParam } from '../platform/http/ids';
import { DEFAULT_PAGE_SIZE, Page, PageQuery, toPage } from '../platform/http/paging';
import { IsNotBlank } from '../platform/http/text-rules';
import { findFlagged, FlaggedNumber } from './number-upkeep.read-model';
import { clearNumber } from './number-upkeep.store';
import { revealPhones } from './reveal-phones';

const numberNotFlagged = fault('notFound', 'number.not-flagged', {
  vi: 'Số của thuê bao {id} không nằm trong danh sách cần xác minh. Hãy tải lại danh sách.',
  en: 'The number of subscriber {id} is not on the list of numbers to verify. Reload the list.',
});

class ClearNumberDto {
  @ApiProperty({ example: 'Đã gọi, đúng chủ thuê bao', maxLength: 500 })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  @IsNotBlank()
  reason: string;
}

/** Numbers whose last texts were not delivered: SIMs are given back and sold again, so somebody should ask the person. */
@ApiTags('Subscribers')
@Controller('api/v1/subscribers/flagged')
export class NumberUpkeepController {
  constructor(
    private readonly database: Database,
    private readonly config: Config,
  ) {}

  @Get()
  @Permit('subscribers.read')
  @ApiOperation({ summary: 'Subscribers whose last texts were not delivered, one after the other' })
  async flagged(
    @Query() { after = 0, limit = DEFAULT_PAGE_SIZE }: PageQuery,
    @CurrentActor() actor: Actor,
  ): Promise<Page<FlaggedNumber>> {
    const { NUMBER_FLAGGED_AFTER: flaggedAfter, NUMBER_LEFT_OUT_AFTER: leftOutAfter } = this.config;
    const rows = await findFlagged(this.database, { flaggedAfter, leftOutAfter }, { after, limit: limit + 1 });
    const page = toPage(rows, limit, ({ id }) => id);
    const items = await revealPhones(this.database, actor, 'subscribers.view-phones', page.items);
    return { ...page, items };
  }

  @Post(':id/clear')
  @Permit('subscribers.write')
  @HttpCode(200)
  @ApiOperation({ summary: 'Somebody verified the number: it counts from nothing again. A new number is a correction' })
  async clear(
    @Param() { id }: IdParam,
    @Body() { reason }: ClearNumberDto,
    @CurrentActor() actor: Actor,
  ): Promise<{ undelivered: 0 }> {
    await this.database.transaction(async (tx) => {
      const cleared = await clearNumber(tx, id, this.config.NUMBER_FLAGGED_AFTER, { by: actor.id, reason });
      if (!cleared) throw numberNotFlagged({ id });
      await appendAudit(tx, { actor, act: 'subscriber.clear-number', subject: `subscriber:${id}`, details: cleared });
    });
    return { undelivered: 0 };
  }
}
