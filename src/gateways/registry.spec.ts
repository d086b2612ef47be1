import { pino } from 'pino';
import { Config } from '../platform/config';
import type { Fault } from '../platform/errors';
import { Secrets } from '../platform/secrets';
import { faultsOfGatewaySettings, openGateways } from './open-gateways';
import { GatewayOptions, GatewayRegistry } from './registry';

const OPTIONS: Required<GatewayOptions> = {
  simulator: { url: 'http://127.0.0.1:4000', token: 'token', receiptsSecret: 'secret' },
  twilio: {
    accountSid: `AC${'0'.repeat(32)}`,
    authToken: 'not-to-be-printed',
    publicUrl: 'https://sms.example.gov.vn',
    receiptsPath: '/receipts/twilio',
  },
};

async function faultsOf(names: string[], options: GatewayOptions = OPTIONS): Promise<Fault> {
  return GatewayRegistry.open(names, options).then(
    () => Promise.reject(new Error('was opened')),
    (fault: Fault) => fault,
  );
}

describe('The gateways of an installation', () => {
  it('are found by name, in the configured order', async () => {
    const registry = await GatewayRegistry.open(['twilio', 'simulator'], OPTIONS);
    expect(registry.names).toEqual(['twilio', 'simulator']);
    expect(registry.get('simulator').capabilities.receiptMeans).toBe('handset');
    expect(registry.get('twilio').capabilities.receiptMeans).toBe('operator');
    await registry.close();
  });

  it('without one that a batch asks for refuse it by name', async () => {
    const registry = await GatewayRegistry.open(['simulator'], OPTIONS);
    expect(() => registry.get('twilio')).toThrow('gateway.unknown');
    expect(() => registry.check(['simulator', 'twilio', 'smpp', 'smpp'])).toThrow(/no gateway twilio, smpp\./);
    expect(() => registry.check(['simulator'])).not.toThrow();
    await registry.close();
  });

  it('do not start half: every fault is named at once, and no value is printed', async () => {
    const twilio = { ...OPTIONS.twilio, accountSid: 'AC-wrong', publicUrl: 'sms.example', baseUrl: 'http://elsewhere' };
    const fault = await faultsOf(['twilio', 'zalo', 'simulator', 'twilio'], { twilio });
    expect(fault.code).toBe('gateway.bad-configuration');
    const fields = fault.details.fields?.map(({ field }) => field);
    expect(new Set(fields)).toEqual(
      new Set(['twilio', 'twilio.accountSid', 'twilio.publicUrl', 'twilio.baseUrl', 'zalo', 'simulator']),
    );
    expect(`${fault.message}${fault.text.vi}`).not.toMatch(/AC-wrong|not-to-be-printed|elsewhere/);
  });

  it('are at least one', async () => {
    expect((await faultsOf([])).details.fields).toHaveLength(1);
  });

  it('refuse senseless options', async () => {
    const simulator = { url: 'http://127.0.0.1:4000/?a=1', token: '', receiptsSecret: 's', sockets: 0, timeoutMs: 1.5 };
    const fields = (await faultsOf(['simulator'], { simulator })).details.fields?.map(({ field }) => field);
    expect(fields).toEqual(['simulator.url', 'simulator.token', 'simulator.sockets', 'simulator.timeoutMs']);
  });

  it('send credentials in clear text only within this machine', async () => {
    const local = { ...OPTIONS.twilio, baseUrl: 'http://127.0.0.1:8080' };
    await (await GatewayRegistry.open(['twilio'], { twilio: local })).close();
    const remote = { ...OPTIONS.twilio, baseUrl: 'http://10.0.0.1' };
    expect((await faultsOf(['twilio'], { twilio: remote })).details.fields?.[0]?.field).toBe('twilio.baseUrl');
  });
});

describe('settings of gateways that are wrong', () => {
  const faultsWith = (settings: Partial<Config>) => faultsOfGatewaySettings(Object.assign(new Config(), settings));

  it('are named before anything is started, never with their value', () => {
    expect(faultsWith({})).toEqual([]);
    expect(faultsWith({ GATEWAYS: ['geheim', 'simulator', 'simulator'] })).toHaveLength(2);
    const [fault] = faultsWith({ SIMULATOR_BEHAVIOUR: '{"refuseShare":5}' });
    expect(fault).toContain('SIMULATOR_BEHAVIOUR: ');
    expect(fault).toContain('refuseShare');
    expect(faultsWith({ GATEWAYS: ['geheim'] }).join()).not.toContain('geheim');
  });
});

describe('The settings of the simulator', () => {
  it('say how it is used: single texts that may be looked up unless told otherwise', async () => {
    const capabilitiesWith = async (settings: Partial<Config>) => {
      const config = Object.assign(new Config(), { SIMULATOR_URL: 'http://127.0.0.1:9', ...settings });
      const secrets = new Secrets('a secret of 32 characters, for tests');
      const { registry, close } = await openGateways(config, secrets, pino({ level: 'silent' }));
      await close();
      return registry.get('simulator').capabilities;
    };
    const usual = { largestBatch: null, lookUp: { absenceIsProofAfterMs: 0 }, resendIsIdempotent: false };
    expect(await capabilitiesWith({})).toMatchObject(usual);
    const other = { SIMULATOR_BATCH: 500, SIMULATOR_LOOK_UP: false, SIMULATOR_IDEMPOTENT: true };
    const differs = { largestBatch: 500, lookUp: null, resendIsIdempotent: true };
    expect(await capabilitiesWith(other)).toMatchObject(differs);
  });
});
