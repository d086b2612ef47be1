import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Gauge, Registry } from 'prom-client';
import { GatewayRegistry } from '../gateways';
import { Database } from '../platform/database/database';
import { Permit } from '../platform/http/actor';
import { registry } from '../platform/observability/metrics';
import { GaugeValue, GAUGES, readQueueGauges } from './queue-gauges.read-model';

/** However many monitoring systems ask, the database is read no more often. */
const READ_EVERY_MS = 5_000;

@ApiTags('Monitoring')
@Controller()
export class MetricsController {
  private gauges: Promise<string> = Promise.resolve('');
  private readAtMs = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly gateways: GatewayRegistry,
  ) {}

  /** A worker answers it too: each instance counts what it has done itself, while the state is the same on all of them. */
  @Get('metrics')
  @Permit('metrics.read')
  @Header('Content-Type', registry.contentType)
  @ApiProduces('text/plain')
  @ApiOperation({
    summary:
      'Metrics in the Prometheus text format, for a monitoring system with an API key: what this instance has done since it ' +
      'started, and what waits, is left of the limits and is in doubt, which all instances tell alike',
  })
  async metrics(): Promise<string> {
    return `${await registry.metrics()}\n${await this.readGauges()}`;
  }

  private readGauges(): Promise<string> {
    if (performance.now() - this.readAtMs >= READ_EVERY_MS) {
      this.readAtMs = performance.now();
      const reading = readQueueGauges(this.database, this.gateways.names).then(inPrometheusText);
      this.gauges = reading;
      // Whoever asks next tries again.
      reading.catch(() => (this.readAtMs = -Infinity));
    }
    return this.gauges;
  }
}

function inPrometheusText(values: readonly GaugeValue[]): Promise<string> {
  const own = new Registry();
  const gauges = new Map(
    Object.entries(GAUGES).map(([name, [help, ...labelNames]]) => [
      name,
      new Gauge({ name, help, labelNames: labelNames as string[], registers: [own] }),
    ]),
  );
  for (const { name, labels, value } of values) gauges.get(name)!.set({ ...labels }, value);
  return own.metrics();
}
