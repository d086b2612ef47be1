import 'reflect-metadata';
import { collectDefaultMetrics } from 'prom-client';
import { faultsOfGatewaySettings } from './gateways';
import { ConfigError, readConfig } from './platform/config';
import { createLog } from './platform/observability/log';
import { registry } from './platform/observability/metrics';
import { Service, startService } from './service';
import { startFault } from './start-faults';

/** A second Ctrl-C, or so long a stop, ends the process the hard way; a restart recovers. */
const STOP_WITHIN_MS = 60_000;
/** npm passes on what the terminal has sent to the whole group already: one Ctrl-C arrives twice within milliseconds. */
const SAME_SIGNAL_MS = 1_000;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const faults = faultsOfGatewaySettings(config);
  if (faults.length > 0) throw new ConfigError(faults);
  const log = createLog(config.LOG_LEVEL);
  // Of the process itself: processor time, memory, event loop.
  collectDefaultMetrics({ register: registry });
  let service: Service | undefined;
  let stoppingSinceMs: number | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    if (stoppingSinceMs !== undefined) {
      // Only a person may lose patience: a SIGTERM that a supervisor repeats must not leave texts in doubt.
      if (signal === 'SIGINT' && performance.now() - stoppingSinceMs > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    stoppingSinceMs = performance.now();
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    // A signal during the start is obeyed as soon as the start is through.
    void started.then(() => service?.stop()).then(() => process.exit(0));
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
  const started = startService(config, log).then(
    (running) => void (service = running),
    (error: unknown) => {
      const known = startFault(error, config);
      // Only a bug needs its stack; whoever set the machine up needs a sentence.
      if (known) log.fatal({ code: known.code, vi: known.text.vi }, `the service could not start: ${known.text.en}`);
      else log.fatal({ err: error }, 'the service could not start');
      process.exitCode = 1;
      setTimeout(() => process.exit(1), 1_000).unref();
    },
  );
  await started;
}

main().catch((error: unknown) => {
  // Only the configuration can fail here, before there is a log: its faults name settings, never values.
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
});
