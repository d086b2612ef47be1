export { batchFigures, type BatchFigures } from './batch-figures.read-model';
export {
  deleteHeldBatch,
  moveBatch,
  prepareBatch,
  verifyBatch,
  type BatchPlan,
  type PreparedBatch,
  type PreparedMessage,
} from './batches.store';
export { DeliveryModule } from './delivery.module';
