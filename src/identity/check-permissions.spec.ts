import { Controller, Get, Post } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { Permit, Public } from '../platform/http/actor';
import { checkPermissions } from './check-permissions';

@Controller('good')
class GoodController {
  @Get()
  @Permit('statistics.read')
  read(): void {}

  @Post()
  @Public()
  receive(): void {}

  notARoute(): void {}
}

@Controller('bad')
class BadController {
  @Get('forgotten')
  forgotten(): void {}

  @Get('both')
  @Public()
  @Permit('statistics.read')
  both(): void {}

  @Get('unknown')
  @Permit('statistics.reed')
  unknown(): void {}

  @Get('inherited')
  @Permit('toString')
  inherited(): void {}
}

async function applicationWith(...controllers: (new () => object)[]) {
  return Test.createTestingModule({ imports: [DiscoveryModule], controllers }).compile();
}

describe('the check at start', () => {
  it('passes when every route says who may call it', async () => {
    const app = await applicationWith(GoodController);
    expect(() => checkPermissions(app)).not.toThrow();
  });

  it('names every route that does not, in one message', async () => {
    const app = await applicationWith(GoodController, BadController);
    expect(() => checkPermissions(app)).toThrow(
      [
        'Access is not settled for 4 route(s):',
        '- BadController.forgotten has neither @Public() nor @Permit(): nobody could call it',
        '- BadController.both has both @Public() and @Permit(): keep one',
        '- BadController.unknown asks for the permission "statistics.reed", which is not in the table of src/identity/roles.ts',
        '- BadController.inherited asks for the permission "toString", which is not in the table of src/identity/roles.ts',
      ].join('\n'),
    );
  });
});
