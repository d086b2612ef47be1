import PgBoss from 'pg-boss';
import { Client } from 'pg';
import { type Gateway, GatewayRegistry, type OutgoingMessage } from '../../src/gateways';
import { limiter, type Lot, type Sending, serve, type Setup } from './contender';
import { outgoing } from './notice';
import { QUEUE_LIBRARY } from './settings';

/** Jobs handed to `insert` at once. */
const INSERTED_AT_ONCE = 5_000;

interface Parts {
  readonly gateways: GatewayRegistry;
  readonly boss: PgBoss;
  readonly statuses: Client;
  readonly sockets: number;
}

/**
 * pg-boss with the settings that measured best for it: large batches, several workers that poll as often as it permits. It gets
 * the product's own HTTP client and, where its users would update each row, one statement of statuses a batch.
 */
class QueueLibrary implements Sending {
  private readonly gateway: Gateway;
  private readonly limit: ReturnType<typeof limiter>;

  constructor(private readonly parts: Parts) {
    this.gateway = parts.gateways.get('simulator');
    this.limit = limiter(parts.sockets);
  }

  async prepare({ id, messages }: Lot): Promise<void> {
    const { boss } = this.parts;
    const name = queueOf(id);
    await boss.createQueue(name);
    const jobs = Array.from({ length: messages }, (_, index) => ({ name, data: outgoing(id, index + 1) }));
    while (jobs.length > 0) await boss.insert(jobs.splice(0, INSERTED_AT_ONCE));
  }

  async send(lot: Lot): Promise<void> {
    const { boss } = this.parts;
    const { workers, ...options } = QUEUE_LIBRARY;
    let left = lot.messages;
    await new Promise<void>((resolve, reject) => {
      const work = async (jobs: PgBoss.Job<OutgoingMessage>[]): Promise<void> => {
        await this.sendJobs(lot, jobs).catch(reject);
        left -= jobs.length;
        if (left === 0) resolve();
      };
      for (let worker = 0; worker < workers; worker += 1) boss.work(queueOf(lot.id), options, work).catch(reject);
    });
    await boss.offWork(queueOf(lot.id));
  }

  async close(): Promise<void> {
    const { boss, statuses, gateways } = this.parts;
    await boss.stop({ graceful: true, wait: true });
    await Promise.all([statuses.end(), gateways.close()]);
  }

  private async sendJobs({ id }: Lot, jobs: readonly PgBoss.Job<OutgoingMessage>[]): Promise<void> {
    const sent = await Promise.all(
      jobs.map(({ data }) =>
        this.limit(async () => {
          const answer = await this.gateway.send(data);
          if (answer.kind !== 'accepted') throw new Error(`the simulator answered ${answer.kind}`);
          return answer.gatewayMessageId;
        }),
      ),
    );
    await this.parts.statuses.query(
      `insert into queue_outcomes (lot, seq, status, gateway_message_id)
       select $1, seq, 'accepted', id from unnest($2::int[], $3::text[]) as w (seq, id)`,
      [id, jobs.map(({ data }) => data.reference.seq), sent],
    );
  }
}

const queueOf = (lot: number): string => `lot-${lot}`;

async function open({ databaseUrl, simulator, sockets, timeoutMs }: Setup): Promise<Sending> {
  const gateways = await GatewayRegistry.open(['simulator'], { simulator: { ...simulator, sockets, timeoutMs } });
  const boss = new PgBoss({ connectionString: databaseUrl, supervise: false, schedule: false });
  boss.on('error', (error) => console.error(error.message));
  await boss.start();
  const statuses = new Client({ connectionString: databaseUrl });
  await statuses.connect();
  await statuses.query(
    `create table if not exists queue_outcomes (lot bigint, seq integer, status text not null,
       gateway_message_id text not null, at timestamptz not null default now(), primary key (lot, seq))`,
  );
  return new QueueLibrary({ gateways, boss, statuses, sockets });
}

serve(open);
