export { OptOuts } from './opt-outs.service';
export { SubscriberList } from './subscriber-list.entity';
export { SubscribersModule } from './subscribers.module';
