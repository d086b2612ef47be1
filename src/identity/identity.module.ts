import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { AccessGuard } from './access.guard';
import { ActorFinder } from './actor-finder';
import { ApiKeysController } from './api-keys.controller';
import { ApiKeysService } from './api-keys.service';
import { ColleaguesController } from './colleagues.controller';
import { PermissionCheck } from './check-permissions';
import { DeputiesController } from './deputies.controller';
import { DeputiesService } from './deputies.service';
import { SessionController } from './session.controller';
import { SessionsService } from './sessions.service';
import { SIGN_IN_THROTTLE } from './sign-in-throttle';
import { UsersController } from './users.controller';
import { UsersService } from './users.service';

/** Its guard covers every handler of the application, not only those of this module. */
@Module({
  imports: [DiscoveryModule, ThrottlerModule.forRoot(SIGN_IN_THROTTLE)],
  controllers: [SessionController, UsersController, ApiKeysController, ColleaguesController, DeputiesController],
  providers: [
    ActorFinder,
    ApiKeysService,
    DeputiesService,
    SessionsService,
    UsersService,
    PermissionCheck,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
})
export class IdentityModule {}
