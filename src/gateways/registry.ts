import { Fault, FieldFault } from '../platform/errors';
import type { Gateway } from './gateway';
import { unknownGateway } from './gateway-faults';
import { optionFault } from './option-faults';
import { SimulatorGateway } from './simulator/simulator.gateway';
import { SimulatorOptions, simulatorOptionFaults } from './simulator/simulator-options';
import { TwilioGateway } from './twilio/twilio.gateway';
import { TwilioOptions, twilioOptionFaults } from './twilio/twilio-options';

/** The options of every gateway there is; only those of the configured ones are needed. */
export interface GatewayOptions {
  readonly simulator?: SimulatorOptions;
  readonly twilio?: TwilioOptions;
}

interface Kind<Options> {
  check(options: Options): FieldFault[];
  open(options: Options): Promise<Gateway>;
}

/** A new gateway is one more line here. */
const KINDS: { readonly [Name in keyof GatewayOptions]-?: Kind<NonNullable<GatewayOptions[Name]>> } = {
  simulator: { check: simulatorOptionFaults, open: async (options) => new SimulatorGateway(options) },
  twilio: { check: twilioOptionFaults, open: (options) => TwilioGateway.open(options) },
};

/** The gateways this installation may use, by name. The first one is the default. */
export class GatewayRegistry {
  private readonly byName: ReadonlyMap<string, Gateway>;

  constructor(gateways: readonly Gateway[]) {
    this.byName = new Map(gateways.map((gateway) => [gateway.name, gateway]));
  }

  /**
   * @param names as configured, e.g. `['simulator', 'twilio']`
   * @throws Fault `gateway.bad-configuration` with every fault there is, before any gateway is opened
   */
  static async open(names: readonly string[], options: GatewayOptions): Promise<GatewayRegistry> {
    const faults = [...listFaults(names), ...[...new Set(names)].flatMap((name) => optionFaults(name, options))];
    if (faults.length > 0) throw badConfiguration(faults);
    return new GatewayRegistry(await Promise.all(names.map((name) => open(name as keyof GatewayOptions, options))));
  }

  /** What is wrong with the configured names, before anything is opened; names the setting, never its value. */
  static faultsOfNames(names: readonly string[]): string[] {
    const known = Object.keys(KINDS).join(', ');
    const unknown = names.some((name) => !isKnown(name)) ? [`GATEWAYS: names no such gateway; there are ${known}`] : [];
    const repeated = new Set(names).size < names.length ? ['GATEWAYS: names a gateway twice'] : [];
    return [...unknown, ...repeated];
  }

  get all(): Gateway[] {
    return [...this.byName.values()];
  }

  get names(): string[] {
    return [...this.byName.keys()];
  }

  /** @throws unknownGateway */
  get(name: string): Gateway {
    const gateway = this.byName.get(name);
    if (!gateway) throw unknownGateway({ names: name, known: this.names.join(', ') });
    return gateway;
  }

  /** For names that an approval or a batch carries. @throws unknownGateway with all that are missing. */
  check(names: Iterable<string>): void {
    const missing = [...new Set(names)].filter((name) => !this.byName.has(name));
    if (missing.length > 0) throw unknownGateway({ names: missing.join(', '), known: this.names.join(', ') });
  }

  async close(): Promise<void> {
    await Promise.all([...this.byName.values()].map((gateway) => gateway.close()));
  }
}

function listFaults(names: readonly string[]): FieldFault[] {
  if (names.length === 0) {
    return [optionFault('GATEWAYS', 'phải có ít nhất một cổng nhắn tin.', 'must name at least one gateway.')];
  }
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  return repeated.map((name) => optionFault(name, 'cổng nhắn tin bị khai báo hai lần.', 'the gateway is named twice.'));
}

function optionFaults(name: string, options: GatewayOptions): FieldFault[] {
  if (!isKnown(name)) {
    const known = Object.keys(KINDS).join(', ');
    return [optionFault(name, `không có cổng nhắn tin này; chỉ có ${known}.`, `is no gateway; there are ${known}.`)];
  }
  const own = options[name];
  if (!own) return [optionFault(name, 'cổng nhắn tin chưa được cấu hình.', 'the gateway has no settings.')];
  return (KINDS[name] as Kind<typeof own>).check(own);
}

function open<Name extends keyof GatewayOptions>(name: Name, options: GatewayOptions): Promise<Gateway> {
  return (KINDS[name] as Kind<GatewayOptions[Name]>).open(options[name]);
}

function isKnown(name: string): name is keyof GatewayOptions {
  return Object.hasOwn(KINDS, name);
}

function badConfiguration(faults: readonly FieldFault[]): Fault {
  const list = (language: 'vi' | 'en'): string => faults.map(({ message }) => `\n- ${message[language]}`).join('');
  const text = {
    vi: `Cấu hình cổng nhắn tin có ${faults.length} lỗi:${list('vi')}`,
    en: `The configuration of the gateways has ${faults.length} fault(s):${list('en')}`,
  };
  return new Fault('invalid', 'gateway.bad-configuration', text, { fields: faults });
}
