export { GatewayRegistry, senderFaults, textFaults, type TextLimits } from '../gateways';
export { batchChanges, type BatchChanges } from './batch-changes.read-model';
export { batchFigures, type BatchFigures } from './batch-figures.read-model';
export {
  deleteHeldBatch,
  moveBatch,
  prepareBatch,
  releaseRest,
  verifyBatch,
  type PreparedBatch,
  type PreparedMessage,
} from './batches.store';
export { DeliveryModule } from './delivery.module';
export { countInFlight, eraseMessages, findMessagesTo, type MessageReference } from './erasure.store';
export { failureReasons, type FailureReason } from './failure-reasons.read-model';
export { gatewayPace, type GatewayPace, type OtherWork, workOfOthers } from './gateway-pace.read-model';
export { dearestPrice } from './gateway-terms.read-model';
export { findMessages, MESSAGE_STATES, readMessages, type MessageState, type MessageView } from './messages.read-model';
export { emptyMessages, findBatchToEmpty, markEmptied, oldestOpenBatch } from './retention.store';
export { sqlAddressedBy, sqlFailedOf, sqlReachedOf, sqlTextedSince } from './reach.read-model';
