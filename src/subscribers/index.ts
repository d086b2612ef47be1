export { countTextResults } from './number-upkeep.store';
export { OptOuts } from './opt-outs.service';
export { shareRegister } from './register-lock';
export { SubscriberList } from './subscriber-list.entity';
export { SubscribersModule } from './subscribers.module';
