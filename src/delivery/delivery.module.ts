import { Module } from '@nestjs/common';
import { SubscribersModule } from '../subscribers';
import { DeliverySweeper } from './delivery.sweeper';
import { DeliveryWorker } from './delivery.worker';
import { GatewaysController } from './gateways.controller';
import { NumberUpkeepBell } from './number-upkeep.bell';
import { ReceiptsController } from './receipts.controller';
import { SpreadBell } from './spread.bell';

@Module({
  imports: [SubscribersModule],
  controllers: [ReceiptsController, GatewaysController],
  providers: [DeliveryWorker, DeliverySweeper, NumberUpkeepBell, SpreadBell],
})
export class DeliveryModule {}
