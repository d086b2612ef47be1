import { BadRequestException, Inject, Injectable, PayloadTooLargeException } from '@nestjs/common';
import type { NextFunction, Response } from 'express';
import { type Gateway, GatewayRegistry, type Receipt } from '../gateways';
import { Database } from '../platform/database/database';
import { Fault } from '../platform/errors';
import type { AppRequest } from '../platform/http/actor';
import { LOG, type Log } from '../platform/observability/log';
import { metrics } from '../platform/observability/metrics';
import { noSuchGateway, receiptUnfit } from './delivery-faults';
import { ReceiptIntake } from './receipt-intake';

const ADDRESS = /^\/gateways\/([a-z]+)\/receipts(?:\?|$)/;
const LARGEST_BODY = 2 ** 20;
/** No gateway has longer ids and codes. */
const LONGEST_CODE = 200;

/**
 * `POST /gateways/<name>/receipts`, where gateways report: 204 when what they say is committed, 503 when they must come
 * again. Nobody is signed in here: each gateway's own proof is checked by its adapter, before anything else.
 *
 * Its callers are machines, at times a thousand a second. As a middleware ahead of all that serves people it costs less than
 * half of what a controller does, and leaves no line in the log; what it refuses goes the way of all faults.
 */
@Injectable()
export class ReceiptsRoute {
  private readonly takers: ReadonlyMap<string, { gateway: Gateway; intake: ReceiptIntake }>;

  constructor(database: Database, gateways: GatewayRegistry, @Inject(LOG) log: Log) {
    this.takers = new Map(
      gateways.all.map((gateway) => [
        gateway.name,
        { gateway, intake: new ReceiptIntake(database, gateway.name, log) },
      ]),
    );
  }

  readonly handle = (request: AppRequest, response: Response, next: NextFunction): void => {
    const name = request.method === 'POST' ? ADDRESS.exec(request.url)?.[1] : undefined;
    if (name === undefined) return next();
    this.take(name, request).then(() => response.writeHead(204).end(), next);
  };

  private async take(name: string, request: AppRequest): Promise<void> {
    const taker = this.takers.get(name);
    if (!taker) throw noSuchGateway();
    await taker.intake.keep(readReceipts(taker.gateway, request, await readBody(request)));
  }
}

/** @throws what the adapter throws | receiptUnfit */
function readReceipts(gateway: Gateway, { originalUrl: path, headers }: AppRequest, rawBody: Buffer): Receipt[] {
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

function readBody(request: AppRequest): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    request.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size <= LARGEST_BODY) pieces.push(piece);
      else reject(new PayloadTooLargeException());
    });
    request.once('end', () => resolve(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)));
    // The caller has left: there is nobody to answer.
    request.once('error', () => reject(new BadRequestException()));
  });
}
