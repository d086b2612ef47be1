import type { Config } from '../platform/config';
import { Fault } from '../platform/errors';
import type { Log } from '../platform/observability/log';
import type { Secrets } from '../platform/secrets';
import { GatewayOptions, GatewayRegistry } from './registry';
import { attachSimulator } from './simulator/attach';
import { readBehaviour } from './simulator/server/behaviour';
import { SimulatorControl } from './simulator/simulator-control';
import { simulatorKeys } from './simulator/simulator-keys';

export interface OpenGateways {
  readonly registry: GatewayRegistry;
  /** Tells the gateways that must be told where this service takes delivery receipts, once it listens. */
  reportTo(publicUrl: string): Promise<void>;
  close(): Promise<void>;
}

/** Where a gateway reports, below the public address. */
const receiptsPath = (gateway: string): string => `/gateways/${gateway}/receipts`;

/**
 * Opens the configured gateways; for the simulator that means attaching to the one of the data folder, or starting it.
 *
 * @throws Fault `gateway.bad-configuration` with every fault at once
 */
export async function openGateways(config: Config, secrets: Secrets, log: Log): Promise<OpenGateways> {
  const simulator = config.GATEWAYS.includes('simulator') ? await openSimulator(config, secrets, log) : undefined;
  try {
    const limits = { sockets: config.GATEWAY_SOCKETS, timeoutMs: config.GATEWAY_TIMEOUT_SECONDS * 1_000 };
    const options: GatewayOptions = {
      simulator: simulator && { ...simulatorKeys(secrets), ...limits, ...simulatorWays(config), url: simulator.url },
      twilio: twilioOptions(config, limits),
    };
    const registry = await GatewayRegistry.open(config.GATEWAYS, options);
    return {
      registry,
      reportTo: async (publicUrl) => simulator?.reportTo(publicUrl + receiptsPath('simulator')),
      close: async () => {
        await registry.close();
        await simulator?.detach();
      },
    };
  } catch (error) {
    await simulator?.detach();
    throw error;
  }
}

/** The settings only the gateways understand, checked before anything is started. `NAME: what is wrong`. */
export function faultsOfGatewaySettings(config: Config): string[] {
  const faults = GatewayRegistry.faultsOfNames(config.GATEWAYS);
  if (!config.SIMULATOR_BEHAVIOUR) return faults;
  try {
    readBehaviour(JSON.parse(config.SIMULATOR_BEHAVIOUR));
    return faults;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [...faults, `SIMULATOR_BEHAVIOUR: ${error.text.en}`];
  }
}

interface OpenSimulator {
  readonly url: string;
  reportTo(receiptsUrl: string): Promise<void>;
  detach(): Promise<void>;
}

async function openSimulator(config: Config, secrets: Secrets, log: Log): Promise<OpenSimulator> {
  const keys = simulatorKeys(secrets);
  if (!config.SIMULATOR_URL) {
    const behaviour = config.SIMULATOR_BEHAVIOUR ? JSON.parse(config.SIMULATOR_BEHAVIOUR) : undefined;
    return attachSimulator({ ...keys, dataDir: config.DATA_DIR, behaviour, log });
  }
  const control = new SimulatorControl(config.SIMULATOR_URL, keys.token);
  return {
    url: config.SIMULATOR_URL,
    reportTo: async (receiptsUrl) => void (await control.setReceiptsAddress(receiptsUrl)),
    // It was started by hand and is not ours to stop.
    detach: async () => undefined,
  };
}

function simulatorWays(config: Config) {
  return {
    largestBatch: config.SIMULATOR_BATCH || null,
    answersLookUps: config.SIMULATOR_LOOK_UP,
    resendIsIdempotent: config.SIMULATOR_IDEMPOTENT,
  };
}

function twilioOptions(config: Config, limits: { sockets: number; timeoutMs: number }): GatewayOptions['twilio'] {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, PUBLIC_URL: publicUrl } = config;
  if (!accountSid || !authToken || !publicUrl) return undefined;
  const { TWILIO_BASE_URL: baseUrl } = config;
  return { ...limits, accountSid, authToken, publicUrl, baseUrl, receiptsPath: receiptsPath('twilio') };
}
