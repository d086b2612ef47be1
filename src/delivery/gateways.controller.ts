import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { appendAudit } from '../audit';
import { type Gateway, GatewayRegistry, type TextLimits } from '../gateways';
import { Database } from '../platform/database/database';
import { type Actor, CurrentActor, Permit } from '../platform/http/actor';
import { noSuchGateway } from './delivery-faults';
import { gatewayRate, type GatewayRate } from './gateway-rate.read-model';
import { type GatewayTerms, readTerms } from './gateway-terms.read-model';
import { writeTerms } from './gateway-terms.store';
import { GatewayTermsDto } from './gateways.dto';

interface ShownGateway {
  readonly name: string;
  /** What a receipt proves: that a handset got the text, or only that the operator's centre took it. */
  readonly receiptMeans: 'handset' | 'operator';
  readonly limits: TextLimits;
  readonly terms: GatewayTerms;
  readonly rate: GatewayRate;
}

@ApiTags('Gateways')
@Controller('api/v1/gateways')
export class GatewaysController {
  constructor(
    private readonly database: Database,
    private readonly gateways: GatewayRegistry,
  ) {}

  @Get()
  @Permit('campaigns.read')
  @ApiOperation({
    summary: 'The gateways of this installation: what they take, what the contract says, how fast they are',
  })
  all(): Promise<ShownGateway[]> {
    return Promise.all(this.gateways.all.map((gateway) => this.show(gateway)));
  }

  @Put(':name/terms')
  @Permit('gateways.manage')
  @ApiOperation({
    summary: 'Enters what the contract with a gateway says: the price of a segment, and segments a second',
  })
  async enterTerms(
    @Param('name') name: string,
    @Body() { vndPerSegment, segmentsPerSecond }: GatewayTermsDto,
    @CurrentActor() actor: Actor,
  ): Promise<ShownGateway> {
    if (!this.gateways.names.includes(name)) throw noSuchGateway();
    const terms = { vndPerSegment, segmentsPerSecond };
    await this.database.transaction(async (tx) => {
      const before = await readTerms(tx, name);
      await writeTerms(tx, name, terms, actor.id);
      const details = {
        ...terms,
        vndPerSegmentBefore: before.vndPerSegment,
        segmentsPerSecondBefore: before.segmentsPerSecond,
      };
      await appendAudit(tx, { actor, act: 'gateway.enter-terms', subject: `gateway:${name}`, details });
    });
    return this.show(this.gateways.get(name));
  }

  private async show({ name, capabilities: { receiptMeans, limits } }: Gateway): Promise<ShownGateway> {
    const terms = await readTerms(this.database, name);
    return { name, receiptMeans, limits, terms, rate: await gatewayRate(this.database, name) };
  }
}
