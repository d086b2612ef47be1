import { Module } from '@nestjs/common';
import { SubscribersModule } from '../subscribers';
import { DeliverySweeper } from './delivery.sweeper';
import { DeliveryWorker } from './delivery.worker';
import { ReceiptsController } from './receipts.controller';

@Module({
  imports: [SubscribersModule],
  controllers: [ReceiptsController],
  providers: [DeliveryWorker, DeliverySweeper],
})
export class DeliveryModule {}
