export { OptOuts } from './opt-outs';
export { SubscriberList } from './subscriber-list.entity';
export { SubscribersModule } from './subscribers.module';
