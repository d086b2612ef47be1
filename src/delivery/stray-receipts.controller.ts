import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '../platform/database/database';
import { Permit } from '../platform/http/actor';
import { DEFAULT_PAGE_SIZE, type Page, PageQuery, toPage } from '../platform/http/paging';
import { findStrayReceipts, type StrayReceiptView } from './stray-receipts.read-model';

@ApiTags('Gateways')
@Controller('api/v1/stray-receipts')
export class StrayReceiptsController {
  constructor(private readonly database: Database) {}

  @Get()
  @Permit('campaigns.read')
  @ApiOperation({
    summary:
      'Delivery receipts that fit no text of ours or contradict what is on record, the latest first, with the reason',
  })
  async page(@Query() { after, limit = DEFAULT_PAGE_SIZE }: PageQuery): Promise<Page<StrayReceiptView>> {
    const rows = await findStrayReceipts(this.database, { after, limit: limit + 1 });
    return toPage(rows, limit, ({ id }) => id);
  }
}
