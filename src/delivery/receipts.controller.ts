import { Controller, HttpCode, Inject, Param, Post, type RawBodyRequest, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type Gateway, GatewayRegistry, type Receipt } from '../gateways';
import { Database } from '../platform/database/database';
import { Fault } from '../platform/errors';
import { type AppRequest, Public } from '../platform/http/actor';
import { LOG, type Log } from '../platform/observability/log';
import { metrics } from '../platform/observability/metrics';
import { noSuchGateway, receiptUnfit } from './delivery-faults';
import { ReceiptIntake } from './receipt-intake';

/** No gateway has longer ids and codes. */
const LONGEST_CODE = 200;

/** Where gateways report. Not signed in: each gateway's own proof is checked by its adapter, before anything else. */
@ApiExcludeController()
@Controller('gateways')
export class ReceiptsController {
  private readonly intakes: ReadonlyMap<string, { gateway: Gateway; intake: ReceiptIntake }>;

  constructor(database: Database, gateways: GatewayRegistry, @Inject(LOG) log: Log) {
    this.intakes = new Map(
      gateways.all.map((gateway) => [
        gateway.name,
        { gateway, intake: new ReceiptIntake(database, gateway.name, log) },
      ]),
    );
  }

  @Post(':gateway/receipts')
  @Public()
  @HttpCode(204)
  async take(@Param('gateway') name: string, @Req() request: RawBodyRequest<AppRequest>): Promise<void> {
    const found = this.intakes.get(name);
    if (!found) throw noSuchGateway();
    await found.intake.keep(readReceipts(found.gateway, request));
  }
}

/** @throws what the adapter throws | receiptUnfit */
function readReceipts(gateway: Gateway, request: RawBodyRequest<AppRequest>): Receipt[] {
  const { originalUrl: path, headers, rawBody = Buffer.alloc(0) } = request;
  try {
    const receipts = gateway.parseReceipts({ path, headers, rawBody });
    // One that the database refuses would take those of its lot with it.
    if (!receipts.every(isFit)) throw receiptUnfit();
    return receipts;
  } catch (error) {
    if (error instanceof Fault && error.kind === 'forbidden') metrics.receiptsForged.inc({ gateway: gateway.name });
    throw error;
  }
}

function isFit({ gatewayMessageId, code, gatewayStatus = '' }: Receipt): boolean {
  return [gatewayMessageId, code, gatewayStatus].every((text) => text.length <= LONGEST_CODE && !text.includes('\0'));
}
