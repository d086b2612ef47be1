import { DynamicModule, Global, Module } from '@nestjs/common';
import { GatewayRegistry } from './registry';

/** The gateways that were opened at start, for whoever sends or shows them. */
@Global()
@Module({})
export class GatewaysModule {
  static of(gateways: GatewayRegistry): DynamicModule {
    const provider = { provide: GatewayRegistry, useValue: gateways };
    return { module: GatewaysModule, providers: [provider], exports: [GatewayRegistry] };
  }
}
