import { Module } from '@nestjs/common';
import { SubscribersModule } from '../subscribers';
import { DeliveryHint } from './delivery-hint';
import { DeliverySweeper } from './delivery.sweeper';
import { DeliveryWorker } from './delivery.worker';
import { GatewaysController } from './gateways.controller';
import { GatewayHealthController } from './health/gateway-health.controller';
import { GatewayHealth } from './health/gateway-health.service';
import { MetricsController } from './metrics.controller';
import { NumberUpkeepBell } from './number-upkeep.bell';
import { ReceiptsRoute } from './receipts.route';
import { SettledFiguresBell } from './settled-figures.bell';
import { SpreadBell } from './spread.bell';
import { ReconcilerBell } from './unknown/reconciler.bell';
import { StrayReceiptsController } from './stray-receipts.controller';

@Module({
  imports: [SubscribersModule],
  controllers: [StrayReceiptsController, GatewaysController, GatewayHealthController, MetricsController],
  providers: [
    GatewayHealth,
    DeliveryWorker,
    DeliveryHint,
    DeliverySweeper,
    NumberUpkeepBell,
    SettledFiguresBell,
    SpreadBell,
    ReceiptsRoute,
    ReconcilerBell,
  ],
})
export class DeliveryModule {}
