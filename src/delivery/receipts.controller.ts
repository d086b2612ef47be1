import { Controller, HttpCode, Param, Post, type RawBodyRequest, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { GatewayRegistry } from '../gateways';
import { Database } from '../platform/database/database';
import { type AppRequest, Public } from '../platform/http/actor';
import { noSuchGateway } from './delivery-faults';
import { keepReceipts } from './receipts.store';

/** Where gateways report. Not signed in: each gateway's own proof is checked by its adapter. */
@ApiExcludeController()
@Controller('gateways')
export class ReceiptsController {
  constructor(
    private readonly database: Database,
    private readonly gateways: GatewayRegistry,
  ) {}

  @Post(':gateway/receipts')
  @Public()
  @HttpCode(204)
  async take(@Param('gateway') name: string, @Req() request: RawBodyRequest<AppRequest>): Promise<void> {
    if (!this.gateways.names.includes(name)) throw noSuchGateway();
    const gateway = this.gateways.get(name);
    const { originalUrl: path, headers, rawBody = Buffer.alloc(0) } = request;
    const receipts = gateway.parseReceipts({ path, headers, rawBody });
    if (receipts.length > 0) await keepReceipts(this.database, gateway.name, receipts);
  }
}
