export { OptOuts } from './opt-outs';
export { maskPhone } from './phone-number';
export { readPhone } from './read-phone';
export { SubscriberList } from './subscriber-list.entity';
export { SubscribersModule } from './subscribers.module';
