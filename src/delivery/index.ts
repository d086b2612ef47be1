export {
  formatReference,
  GatewayRegistry,
  type MessageReference as TextReference,
  parseReference,
  senderFaults,
  textFaults,
  type TextLimits,
} from '../gateways';
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
export { ReceiptsRoute } from './receipts.route';
export { emptyMessages, findBatchToEmpty, markEmptied, oldestOpenBatch } from './retention.store';
export { sqlAddressedBy, sqlFailedOf, sqlReachedOf, sqlTextedSince } from './reach.read-model';
export { surelyLeftMs } from './unknown/judge-unknown';
export { settleByPerson, UNKNOWN_DECISIONS, type UnknownDecision } from './unknown/settle.store';
export {
  countUnknownTexts,
  findLateProofs,
  findUnknownTexts,
  type LateProofView,
  type UnknownCount,
  type UnknownFilter,
  type UnknownText,
} from './unknown/unknown-texts.read-model';
