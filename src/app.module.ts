import { DynamicModule, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { AuditModule } from './audit';
import { CalendarModule } from './calendar';
import { CampaignsModule } from './campaigns';
import { GatewayRegistry, GatewaysModule } from './gateways';
import { IdentityModule } from './identity';
import { HealthController } from './platform/http/health.controller';
import { Platform, PlatformModule } from './platform/platform.module';
import { PrivacyModule } from './privacy';
import { StatisticsModule } from './statistics';
import { SubscribersModule } from './subscribers';
import { TemplatesModule } from './templates';

/** The whole application, over a platform and gateways that are open already. */
@Module({})
export class AppModule {
  static of(platform: Platform, gateways: GatewayRegistry, options: { bells: boolean }): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.of(platform),
        GatewaysModule.of(gateways),
        ScheduleModule.forRoot({ cronJobs: options.bells }),
        AuditModule,
        IdentityModule,
        SubscribersModule,
        TemplatesModule,
        CalendarModule,
        CampaignsModule,
        StatisticsModule,
        PrivacyModule,
      ],
      controllers: [HealthController],
    };
  }
}
