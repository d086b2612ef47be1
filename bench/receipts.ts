import { setTimeout as sleep } from 'node:timers/promises';
import { moveBatch } from '../src/delivery';
import { Secrets } from '../src/platform/secrets';
import { type BenchDatabase, withBenchDatabase } from './bench-database';
import { BenchService } from './bench-service';
import { writeAcceptedBatch } from './receipts/accepted-batch';
import type { BareAnswer } from './receipts/bare-route.main';
import { ACCOUNT_SID, AUTH_TOKEN } from './receipts/callbacks';
import { checkReceipts } from './receipts/check-receipts';
import type { LoadAnswer, LoadQuestion } from './receipts/load.main';
import { BenchOptions, BenchResult, median, rounded } from './report';
import { Child } from './send/child-process';
import { cpuMicroseconds, cpuMicrosecondsWithChildren } from './send/cpu-time';
import { allAccepted, prepareHeld } from './send/engine';
import { recipients } from './send/notice';
import { SECRET } from './send/settings';

const TEXTS = 37_400;
const FLOOD = 10_000;
const PACED_PER_SECOND = 1_000;
const DRAINED_WITHIN_MS = 60_000;
/** What Twilio signs for; nobody connects to it. */
const PUBLIC_URL = 'https://sms.example.gov.vn';
const SETTINGS = {
  GATEWAYS: 'simulator,twilio',
  SIMULATOR_BEHAVIOUR: '{"receipts":false}',
  PUBLIC_URL,
  TWILIO_ACCOUNT_SID: ACCOUNT_SID,
  TWILIO_AUTH_TOKEN: AUTH_TOKEN,
};

/** Microseconds of processor time a receipt or a text. */
interface Cpu {
  readonly service: number;
  readonly postgres: number;
}

/**
 * The route that takes Twilio's status callbacks, signature checked and committed before the answer, on the built service
 * with its applier at work: against a bare route of the same framework, and while 37,400 texts are sent. Rounds alternate.
 */
export function benchReceipts(options: BenchOptions): Promise<BenchResult> {
  const rounds = options.rounds ?? (options.full ? 7 : 3);
  return withBenchDatabase(async (postgres) => {
    const { database, url, dataDir } = postgres;
    const secrets = new Secrets(SECRET);
    const batchId = await writeAcceptedBatch(database, secrets, TEXTS);
    await database.run('analyze');
    const [load, bare] = [Child.start('receipts/load.main.ts'), Child.start('receipts/bare-route.main.ts')];
    const service = await BenchService.start({ databaseUrl: url, secret: SECRET, dataDir, settings: SETTINGS });
    try {
      const { port } = await bare.ask<BareAnswer>({});
      const signed = await ask(load, { do: 'sign', texts: TEXTS, batchId, publicUrl: PUBLIC_URL });
      const bench = new ReceiptsBench(postgres, service, load, port, secrets);
      await bench.run(rounds);
      await bench.drained();
      await checkReceipts(database, { batchId, texts: TEXTS, taken: bench.taken });
      console.log(`all ${bench.taken} callbacks (of ${signed.requests}) are on record, and every state is right`);
      return bench.result(rounds);
    } finally {
      await service.stop();
      await Promise.all([load.stop(), bare.stop()]);
    }
  });
}

const ask = (load: Child, question: LoadQuestion): Promise<LoadAnswer> => load.ask<LoadAnswer>(question);

class ReceiptsBench {
  /** How many callbacks the service has answered with 204, from the first on. */
  taken = 0;
  private readonly found = new Map<string, number[]>();

  constructor(
    private readonly postgres: BenchDatabase,
    private readonly service: BenchService,
    private readonly load: Child,
    private readonly barePort: number,
    private readonly secrets: Secrets,
  ) {}

  /** The first round warms up. */
  async run(rounds: number): Promise<void> {
    for (let round = 0; round <= rounds; round += 1) {
      if (round === 1) this.found.clear();
      const turns = [() => this.floodBare(), () => this.floodService()];
      for (const turn of round % 2 ? turns : turns.reverse()) await turn();
      console.log(`alone ${round}/${rounds}: ${this.last('bare')}/s bare, ${this.last('receipts')}/s receipts`);
    }
    for (let round = 0; round <= rounds; round += 1) {
      if (round === 1) for (const name of ['send', 'send_beside_receipts', 'paced']) this.found.delete(name);
      const turns = [() => this.send(), () => this.sendBesideReceipts()];
      for (const turn of round % 2 ? turns : turns.reverse()) await turn();
      console.log(
        `sending ${round}/${rounds}: ${this.last('send')} texts/s, ` +
          `${this.last('send_beside_receipts')} beside ${this.last('paced')} receipts/s`,
      );
    }
  }

  result(rounds: number): BenchResult {
    const ratio = (of: string, to: string): number =>
      rounded(median(this.found.get(of)!.map((value, round) => value / this.found.get(to)![round]!)));
    const medians = [...this.found].map(([name, values]) => [`${name}${UNITS[name] ?? '_per_second'}`, median(values)]);
    return {
      settings: {
        rounds,
        callbacks: `${FLOOD} a round alone, ${PACED_PER_SECOND} a second while ${TEXTS} texts are sent`,
        service: 'the built service, ROLE=all; signature checked, committed before the answer, applied meanwhile',
        bare: 'a NestJS application with one route that reads the form and answers 204',
        fsync: 'on',
      },
      medians: Object.fromEntries(medians.map(([name, value]) => [name, Math.round(value as number)])),
      ratios: {
        receipts_vs_bare: ratio('receipts', 'bare'),
        send_with_receipts: ratio('send_beside_receipts', 'send'),
      },
      targets: { receipts_vs_bare: { atLeast: 0.5 }, send_with_receipts: { atLeast: 0.7 } },
    };
  }

  /** Until everything taken is applied. */
  async drained(): Promise<void> {
    const deadline = performance.now() + DRAINED_WITHIN_MS;
    const { database } = this.postgres;
    while ((await database.row<{ any: boolean }>('select exists (select from receipts_to_apply) as any'))!.any) {
      if (performance.now() > deadline) throw new Error('receipts were not applied in time');
      await sleep(50);
    }
  }

  private async floodBare(): Promise<void> {
    const { requests, seconds } = await ask(this.load, {
      do: 'flood',
      port: this.barePort,
      requests: FLOOD,
      from: this.taken,
    });
    this.note('bare', requests / seconds);
  }

  private async floodService(): Promise<void> {
    const before = this.cpu();
    const question = { do: 'flood', port: this.port, requests: FLOOD, from: this.taken } as const;
    const { requests, seconds, cpuMicroseconds: own } = await ask(this.load, question);
    this.taken += requests;
    this.note('receipts', requests / seconds);
    await this.drained();
    const after = this.cpu();
    this.note('load', own / requests);
    this.note('service', (after.service - before.service) / requests);
    this.note('postgres', (after.postgres - before.postgres) / requests);
  }

  private async send(): Promise<void> {
    this.note('send', await this.sendOnce());
  }

  private async sendBesideReceipts(): Promise<void> {
    const { port } = this;
    await ask(this.load, { do: 'pace', port, perSecond: PACED_PER_SECOND, from: this.taken });
    const perSecond = await this.sendOnce();
    const { requests, seconds } = await ask(this.load, { do: 'stop' });
    this.taken += requests;
    this.note('send_beside_receipts', perSecond);
    this.note('paced', requests / seconds);
    await this.drained();
  }

  /** From the release to the last outcome on record. @returns texts a second */
  private async sendOnce(): Promise<number> {
    const { database } = this.postgres;
    const id = await prepareHeld(database, recipients(this.secrets, TEXTS));
    const started = performance.now();
    await database.transaction((tx) => moveBatch(tx, id, 'released'));
    await allAccepted(database, id, TEXTS);
    return TEXTS / ((performance.now() - started) / 1_000);
  }

  private get port(): number {
    return Number(new URL(this.service.url).port);
  }

  private cpu(): Cpu {
    const { service, postgres } = this;
    return { service: cpuMicroseconds(service.pid), postgres: cpuMicrosecondsWithChildren(postgres.serverPid) };
  }

  private note(name: string, value: number): void {
    this.found.set(name, [...(this.found.get(name) ?? []), value]);
  }

  private last(name: string): number {
    return Math.round(this.found.get(name)!.at(-1)!);
  }
}

/** The rest are rates. */
const UNITS: Readonly<Record<string, string>> = {
  load: '_generator_cpu_us_a_request',
  service: '_cpu_us_a_receipt',
  postgres: '_cpu_us_a_receipt',
};
