import { setTimeout as sleep } from 'node:timers/promises';
import { moveBatch } from '../../src/delivery';
import type { Database } from '../../src/platform/database/database';
import { prepareHeld } from '../send/engine';
import { recipients, SENDER } from '../send/notice';
import type { Stage } from '../send/stage';

/** A provincial campaign. */
const SIZE = 37_400;
const AT_ONCE = 3;
/** So many lie ready before the clock starts; more are prepared when they run out, as in an office that goes on writing. */
const PREPARED_FIRST = 20;
const LOOK_MS = 100;

interface Ready {
  readonly campaignId: number;
  readonly batchId: number;
}

/** Sees to it that some campaigns are always being sent. */
export class CampaignsUnderWay {
  private readonly ready: Ready[] = [];
  private underWay: Ready[] = [];
  private isEnding = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly stage: Stage,
    private readonly templateVersionId: number,
    /** Told the campaigns that are being sent, whenever these change. */
    private readonly onChange: (campaigns: readonly number[]) => void,
  ) {}

  get campaigns(): readonly number[] {
    return this.underWay.map(({ campaignId }) => campaignId);
  }

  async prepare(): Promise<void> {
    while (this.ready.length < PREPARED_FIRST) this.ready.push(await this.prepareOne());
  }

  async start(): Promise<void> {
    await this.fill();
    this.running = this.keepGoing();
  }

  async stop(): Promise<void> {
    this.isEnding = true;
    await this.running;
  }

  /** Texts of all campaigns that the gateway has taken. */
  async accepted(): Promise<number> {
    return (await this.stage.simulator.control.health()).accepted;
  }

  private get database(): Database {
    return this.stage.postgres.database;
  }

  private async prepareOne(): Promise<Ready> {
    const batchId = await prepareHeld(this.database, recipients(this.stage.secrets, SIZE));
    const campaign = await this.database.row<{ id: number }>(
      `insert into campaigns (name, template_version_id, gateway, sender, accented, starts_at, state, author, schedule, overrides,
         batch_id)
       values ('Chiến dịch đang gửi', $1, 'simulator', $2, true, now(), 'submitted', 'user:0',
         '{"window":null,"spreadMinutes":null,"misfire":"send-late","firstWave":null,"halt":null}', '{"urgent":"Đo tốc độ"}', $3)
       returning id`,
      [this.templateVersionId, SENDER, batchId],
    );
    return { campaignId: campaign!.id, batchId };
  }

  private async keepGoing(): Promise<void> {
    while (!this.isEnding) {
      const over = await this.database.rows<{ id: number }>(
        'select id from batches where id = any($1) and finished_at is not null',
        [this.underWay.map(({ batchId }) => batchId)],
      );
      if (over.length > 0) {
        this.underWay = this.underWay.filter(({ batchId }) => !over.some(({ id }) => id === batchId));
        await this.fill();
      }
      await sleep(LOOK_MS);
    }
  }

  private async fill(): Promise<void> {
    while (this.underWay.length < AT_ONCE) {
      const next = this.ready.shift() ?? (await this.prepareOne());
      await this.database.transaction(async (tx) => {
        await tx.run(`update campaigns set state = 'sending', started_at = now() where id = $1`, [next.campaignId]);
        await moveBatch(tx, next.batchId, 'released');
      });
      this.underWay.push(next);
    }
    this.onChange(this.campaigns);
  }
}
