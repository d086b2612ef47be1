import { Body, Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { appendAudit } from '../audit';
import { type Gateway, GatewayRegistry, senderFaults, type TextLimits } from '../gateways';
import { Database, type Transaction } from '../platform/database/database';
import { type Actor, CurrentActor, Permit } from '../platform/http/actor';
import { noSuchGateway, noSuchSenderLimits, senderNotTaken } from './delivery-faults';
import { type GatewayPace, gatewayPace } from './gateway-pace.read-model';
import {
  type GatewayTerms,
  type LimitsUsed,
  readLimitsInUse,
  readSenderLimits,
  readTerms,
  type SenderTerms,
  type SendingLimits,
} from './gateway-terms.read-model';
import { deleteSenderLimits, writeSenderLimits, writeTerms } from './gateway-terms.store';
import { GatewayTermsDto, SendingLimitsDto } from './gateways.dto';

interface ShownGateway {
  readonly name: string;
  /** What a receipt proves: that a handset got the text, or only that the operator's centre took it. */
  readonly receiptMeans: 'handset' | 'operator';
  readonly limits: TextLimits;
  readonly terms: GatewayTerms;
  readonly used: LimitsUsed;
  /** Sender IDs with limits of their own. */
  readonly senders: readonly SenderTerms[];
  /** What a forecast reckons with. */
  readonly rate: Pick<GatewayPace, 'segmentsPerSecond' | 'basis'>;
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
    summary:
      'The gateways of this installation: what they take, what the contract permits and is used of it, how fast they are',
  })
  all(): Promise<ShownGateway[]> {
    return Promise.all(this.gateways.all.map((gateway) => this.show(gateway)));
  }

  @Put(':name/terms')
  @Permit('gateways.manage')
  @ApiOperation({
    summary: 'Enters what the contract with a gateway says: the price of a segment, and the limits that are kept',
  })
  async enterTerms(
    @Param('name') name: string,
    @Body() dto: GatewayTermsDto,
    @CurrentActor() actor: Actor,
  ): Promise<ShownGateway> {
    const gateway = this.known(name);
    const terms = { vndPerSegment: dto.vndPerSegment, ...limitsOf(dto) };
    return this.change(gateway, async (tx) => {
      const details = { ...terms, ...asBefore(await readTerms(tx, name)) };
      await writeTerms(tx, name, terms, actor.id);
      await appendAudit(tx, { actor, act: 'gateway.enter-terms', subject: `gateway:${name}`, details });
    });
  }

  @Put(':name/senders/:sender/terms')
  @Permit('gateways.manage')
  @ApiOperation({
    summary: "Enters a sender ID's own limits at a gateway, which are kept beside those of the contract",
  })
  async enterSenderTerms(
    @Param('name') name: string,
    @Param('sender') sender: string,
    @Body() dto: SendingLimitsDto,
    @CurrentActor() actor: Actor,
  ): Promise<ShownGateway> {
    const gateway = this.known(name);
    const rules = gateway.capabilities.limits;
    if (senderFaults(rules, sender).length > 0) throw senderNotTaken({ ...rules.senderId });
    const limits = limitsOf(dto);
    return this.change(gateway, async (tx) => {
      const before = (await readSenderLimits(tx, name, sender)) ?? NO_LIMITS;
      await writeSenderLimits(tx, { gateway: name, sender }, limits, actor.id);
      const details = { sender, ...limits, ...asBefore(before) };
      await appendAudit(tx, { actor, act: 'gateway.enter-sender-terms', subject: `gateway:${name}`, details });
    });
  }

  @Delete(':name/senders/:sender/terms')
  @Permit('gateways.manage')
  @ApiOperation({ summary: "Takes a sender ID's own limits away; those of the contract hold for it as before" })
  async removeSenderTerms(
    @Param('name') name: string,
    @Param('sender') sender: string,
    @CurrentActor() actor: Actor,
  ): Promise<ShownGateway> {
    return this.change(this.known(name), async (tx) => {
      const before = await readSenderLimits(tx, name, sender);
      if (!before || !(await deleteSenderLimits(tx, name, sender))) throw noSuchSenderLimits();
      const details = { sender, ...asBefore(before) };
      await appendAudit(tx, { actor, act: 'gateway.remove-sender-terms', subject: `gateway:${name}`, details });
    });
  }

  private known(name: string): Gateway {
    if (!this.gateways.names.includes(name)) throw noSuchGateway();
    return this.gateways.get(name);
  }

  private async change(gateway: Gateway, work: (tx: Transaction) => Promise<void>): Promise<ShownGateway> {
    await this.database.transaction(work);
    return this.show(gateway);
  }

  private async show({ name, capabilities: { receiptMeans, limits } }: Gateway): Promise<ShownGateway> {
    const terms = await readTerms(this.database, name);
    const { used, senders } = await readLimitsInUse(this.database, name);
    const { segmentsPerSecond, basis } = await gatewayPace(this.database, name);
    return { name, receiptMeans, limits, terms, used, senders, rate: { segmentsPerSecond, basis } };
  }
}

const NO_LIMITS: SendingLimits = { segmentsPerSecond: null, messagesInFlight: null, segmentsPerDay: null };

function limitsOf({ segmentsPerSecond, messagesInFlight, segmentsPerDay }: SendingLimits): SendingLimits {
  return { segmentsPerSecond, messagesInFlight, segmentsPerDay };
}

/** `{ segmentsPerSecond: 5 }` as `{ segmentsPerSecondBefore: 5 }`, for the audit log. */
function asBefore(terms: SendingLimits): Record<string, number | null> {
  return Object.fromEntries(Object.entries(terms).map(([name, value]) => [`${name}Before`, value]));
}
