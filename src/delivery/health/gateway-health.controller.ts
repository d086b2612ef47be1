import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { appendAudit } from '../../audit';
import { GatewayRegistry } from '../../gateways';
import { Database } from '../../platform/database/database';
import { type Actor, CurrentActor, Permit } from '../../platform/http/actor';
import { noSuchGateway } from '../delivery-faults';
import { gatewayHealth, type GatewayHealthView } from './health.read-model';
import { writeTrial } from './reports.store';

@ApiTags('Gateways')
@Controller('api/v1/gateways')
export class GatewayHealthController {
  constructor(
    private readonly database: Database,
    private readonly gateways: GatewayRegistry,
  ) {}

  @Get(':name/health')
  @Permit('campaigns.read')
  @ApiOperation({
    summary: 'Whether each instance can send through a gateway and why not, and how its share moved',
  })
  health(@Param('name') name: string): Promise<GatewayHealthView> {
    if (!this.gateways.names.includes(name)) throw noSuchGateway();
    return gatewayHealth(this.database, name);
  }

  /** Nobody waits for the minute that breakers take at most; one text of each instance tries it within a second. */
  @Post(':name/try-now')
  @HttpCode(200)
  @Permit('gateways.manage')
  @ApiOperation({
    summary: 'For who has repaired an account or a line: every instance tries the gateway at once, with one text',
  })
  async tryNow(@Param('name') name: string, @CurrentActor() actor: Actor): Promise<GatewayHealthView> {
    if (!this.gateways.names.includes(name)) throw noSuchGateway();
    await this.database.transaction(async (tx) => {
      await writeTrial(tx, name);
      await appendAudit(tx, { actor, act: 'gateway.try-now', subject: `gateway:${name}` });
    });
    return gatewayHealth(this.database, name);
  }
}
