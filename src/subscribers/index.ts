export { areasWithPredecessors, sqlAreasWithPredecessors } from './areas/areas.read-model';
export { countTextResults } from './number-upkeep.store';
export { eraseFromRegister, formerPhones, type ErasedFromRegister } from './erasure.store';
export { digitTraces, mentionsNumber, tracePattern } from './number-traces';
export { OptOuts } from './opt-outs.service';
export { maskPhone } from './phone-format';
export { readPhone } from './read-phone';
export { findRegistered, type Registered, type RegisteredSearch } from './registered.read-model';
export { shareRegister } from './register-lock';
export {
  deleteExpiredMembers,
  deleteImportRows,
  deleteWithdrawals,
  discardUnconfirmed,
  findExpiredLists,
  findImportsToEmpty,
  markImportEmptied,
} from './retention.store';
export { SubscriberList } from './subscriber-list.entity';
export { SubscribersModule } from './subscribers.module';
export { LANGUAGE_NAMES } from './text-language';
export { searchKey } from './vietnamese-text';
