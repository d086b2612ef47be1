import { Config, ConfigError, readConfig } from './config';

describe('the configuration', () => {
  it('has a working value for everything a bare machine needs', () => {
    expect(readConfig({})).toEqual(new Config());
  });

  it('reads numbers, switches and lists of names', () => {
    const given = { PORT: '0', TRUST_PROXY: 'true', GATEWAYS: 'simulator', LEASE_SECONDS: '45' };
    expect(readConfig(given)).toMatchObject({ PORT: 0, TRUST_PROXY: true, GATEWAYS: ['simulator'], LEASE_SECONDS: 45 });
  });

  it('treats an empty variable as one that is not there', () => {
    expect(readConfig({ DATABASE_URL: '', PORT: '' })).toEqual(new Config());
  });

  it('names every fault at once, by name and never by value', () => {
    const given = {
      PORT: 'eighty',
      ROLE: 'boss',
      DATABASE_URL: 'mysql://geheim',
      SECRET: 'short',
      LEASE_SECONDS: '-1',
    };
    const error = faultsOf(given);
    for (const name of Object.keys(given)) expect(error.message).toContain(name);
    for (const value of ['eighty', 'boss', 'geheim', 'short']) expect(error.message).not.toContain(value);
  });

  it('knows which settings need each other', () => {
    expect(faultsOf({ DATABASE_URL: 'postgres://u:p@db/tinluat' }).faults).toEqual([expect.stringMatching(/^SECRET:/)]);
    expect(faultsOf({ DATABASE_DIRECT_URL: 'postgres://u:p@db/tinluat' }).faults).toEqual([
      expect.stringMatching(/^DATABASE_DIRECT_URL:/),
    ]);
    expect(faultsOf({ GATEWAYS: 'twilio' }).faults).toHaveLength(3);
    expect(faultsOf({ LEASE_SECONDS: '20', GATEWAY_TIMEOUT_SECONDS: '10' }).faults).toHaveLength(1);
  });
});

function faultsOf(environment: Record<string, string>): ConfigError {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error('the configuration was accepted');
}
