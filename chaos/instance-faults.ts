import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../src/demo/seeded-random';
import type { Campaigns } from './campaigns';
import type { FaultName } from './faults';
import { doubtOfOne, type Instance, unheardOfOne } from './instance';
import type { Stage } from './stage';

/** Every second somebody looks for leases that ran out. */
const SWEPT_MS = 2_000;
const LONGEST_FROZEN_AFTER_MS = 2_000;
const LONGEST_DOWN_MS = 1_500;
const LONGEST_BREATH_MS = 1_200;
const BUSY_WITHIN_MS = 5_000;
const QUIET_WITHIN_MS = 90_000;
const LOOK_MS = 200;
const HOUR_MS = 3_600_000;
/** Forward and back, across a day and within it. */
const JUMPS_HOURS = [-26, -3, 2, 5, 26];
const DISK_FULL_MS = 2_500;

export type Harm =
  'kill-worker' | 'kill-web' | 'power-cut' | 'kill-idle' | 'restart' | 'freeze' | 'clock-jump' | DatabaseHarm;
type DatabaseHarm = 'database-restart' | 'connections-cut' | 'disk-full';

/** One of each first, in any order; then by weight. */
const WEIGHTS: readonly (readonly [number, Harm])[] = [
  [34, 'kill-worker'],
  [12, 'kill-web'],
  [14, 'power-cut'],
  [4, 'restart'],
  [6, 'freeze'],
  [6, 'clock-jump'],
  [5, 'database-restart'],
  [6, 'connections-cut'],
  [2, 'disk-full'],
  [2, 'kill-idle'],
];

const EMPHASISED = 150;

/** Harms instances and their database, one thing after the other. */
export class InstanceFaults {
  private readonly random: SeededRandom;

  constructor(
    private readonly stage: Stage,
    private readonly campaigns: Campaigns,
    /** What happens more often than all the rest together; null: nothing. */
    private readonly emphasis: Harm | null,
  ) {
    this.random = stage.random(4);
  }

  async keepGoing(signal: AbortSignal): Promise<void> {
    const { options, tally } = this.stage;
    const isSkipped = (harm: Harm): boolean => options.skipped.has(harm as FaultName);
    const possible = WEIGHTS.filter(([, harm]) => !isSkipped(harm)).map(
      ([weight, harm]) => [harm === this.emphasis ? EMPHASISED : weight, harm] as const,
    );
    // It waits until nothing is to be sent, as the end of every run does.
    const first = possible.map(([, harm]) => harm).filter((harm) => harm !== 'kill-idle');
    shuffle(first, this.random);
    while (!signal.aborted) {
      const harm = first.shift() ?? this.random.pickWeighted(possible);
      await this.do(harm);
      if (options.kills !== null && tally.kills >= options.kills) return;
      await sleep(this.random.below(LONGEST_BREATH_MS), undefined, { signal }).catch(() => undefined);
    }
  }

  private do(harm: Harm): Promise<void> {
    const acts: Readonly<Record<Harm, () => Promise<void>>> = {
      'kill-worker': () => this.kill(({ sends }) => sends, 1),
      'kill-web': () => this.kill(({ sends }) => !sends, 1),
      'power-cut': () => this.kill(() => true, 2 + this.random.below(3)),
      restart: () => this.restart(),
      freeze: () => this.freeze(),
      'clock-jump': () => this.jumpClock(),
      'database-restart': () => this.harmDatabase('database-restart', () => this.stage.postgres.restartImmediately()),
      'connections-cut': () => this.harmDatabase('connections-cut', () => this.stage.postgres.cutConnections()),
      'disk-full': () => this.harmDatabase('disk-full', () => this.stage.postgres.fillDisk(DISK_FULL_MS)),
      'kill-idle': () => this.killIdle(),
    };
    return acts[harm]();
  }

  /** Of those that fit, be they up or still starting. */
  private async kill(fits: (instance: Instance) => boolean, atMost: number): Promise<void> {
    const { instances, tally, options } = this.stage;
    const victims = instances.filter(
      (one) => one.isAlive && fits(one) && !options.skipped.has(one.sends ? 'kill-worker' : 'kill-web'),
    );
    shuffle(victims, this.random);
    victims.splice(atMost);
    for (const { sends } of victims) {
      tally.note(sends ? 'kill-worker' : 'kill-web');
      if (sends) tally.mostLost += doubtOfOne(this.stage.options.contract);
    }
    this.stage.say(`killed: ${victims.map(({ name }) => name).join(', ')}`);
    await Promise.all(victims.map((victim) => victim.kill()));
    await this.noteRisk();
    await sleep(this.random.below(LONGEST_DOWN_MS));
    for (const victim of victims) victim.start();
  }

  /** In order, while nothing else is wrong: it may leave nothing in doubt at all. */
  private async restart(): Promise<void> {
    const { tally } = this.stage;
    const victim = await this.anyUp(({ sends }) => sends);
    await this.untilBusy();
    await this.untilLeasesAreNewerThan(this.stage.lastRiskAt);
    const before = await this.stage.lost();
    this.stage.say(`${victim.name} is told to stop`);
    await victim.stop();
    const stoppedAt = await this.stage.databaseTime();
    this.stage.say(`${victim.name} has stopped`);
    tally.note('restart');
    victim.start();
    await this.untilLeasesAreNewerThan(stoppedAt);
    const left = (await this.stage.lost()) - before;
    if (left > 0) {
      this.stage.see('unknown beyond the bound', `a graceful stop of ${victim.name} left ${left} texts unknown`);
    }
    await victim.whenUp();
  }

  /** Something is on its way, if there is anything to send. */
  private async untilBusy(): Promise<void> {
    const deadline = performance.now() + BUSY_WITHIN_MS;
    while (performance.now() < deadline) {
      const { leased } = await this.stage.row<{ leased: number }>(
        `select count(*) as leased from chunks where state = 'leased'`,
      );
      if (leased > 0) return;
      await sleep(LOOK_MS);
    }
  }

  /** What the dead held is taken stock of by then. */
  private async untilLeasesAreNewerThan(moment: string): Promise<void> {
    while (!(await this.stage.areLeasesNewerThan(moment))) await sleep(LOOK_MS);
  }

  /** One or two, until somebody else has taken over what they held. */
  private async freeze(): Promise<void> {
    const { tally, options } = this.stage;
    await this.anyUp(({ sends }) => sends);
    await this.untilBusy();
    const victims = this.stage.instances.filter(({ isUp, sends }) => isUp && sends);
    shuffle(victims, this.random);
    victims.splice(1 + this.random.below(2));
    this.stage.say(`frozen: ${victims.map(({ name }) => name).join(', ')}`);
    for (const victim of victims) victim.freeze();
    await sleep(this.leaseMs + SWEPT_MS + this.random.below(LONGEST_FROZEN_AFTER_MS));
    // What ran out, ran out while they were frozen; now they wake.
    tally.note('freeze', victims.length);
    tally.mostLost += victims.length * doubtOfOne(options.contract);
    tally.mostUnheard += victims.length * unheardOfOne(options.contract);
    this.stage.say('they wake');
    for (const victim of victims) victim.thaw();
    await this.noteRisk();
  }

  /** Until it is killed, or jumps again. */
  private async jumpClock(): Promise<void> {
    const victim = await this.anyUp(() => true);
    const hours = this.random.pick(JUMPS_HOURS);
    this.stage.say(`the clock of ${victim.name} is ${hours} hours off`);
    victim.shiftClock(hours * HOUR_MS);
    this.stage.tally.note('clock-jump');
  }

  private async harmDatabase(name: FaultName, harm: () => Promise<unknown>): Promise<void> {
    const { tally, instances } = this.stage;
    const senders = instances.filter(({ isAlive, sends }) => isAlive && sends).length;
    this.stage.say(`${name} begins`);
    await harm();
    this.stage.say(`${name} is over`);
    tally.note(name);
    tally.mostLost += senders * doubtOfOne(this.stage.options.contract);
    await this.noteRisk();
  }

  /** Nothing is to be sent: then a kill may leave nothing in doubt. */
  async killIdle(): Promise<void> {
    const { tally, instances } = this.stage;
    this.campaigns.isHeld = true;
    try {
      const deadline = performance.now() + QUIET_WITHIN_MS;
      while (!(await this.stage.isQuiet())) {
        if (performance.now() > deadline) return;
        await sleep(LOOK_MS);
      }
      await this.untilLeasesAreNewerThan(this.stage.lastRiskAt);
      const before = await this.stage.lost();
      const victims = instances.filter(({ sends, isAlive }) => sends && isAlive);
      tally.note('kill-idle', victims.length);
      this.stage.say(`killed while idle: ${victims.map(({ name }) => name).join(', ')}`);
      await Promise.all(victims.map((victim) => victim.kill()));
      for (const victim of victims) victim.start();
      await sleep(this.leaseMs + SWEPT_MS);
      const left = (await this.stage.lost()) - before;
      if (left > 0) this.stage.see('unknown beyond the bound', `a kill while idle left ${left} texts unknown`);
    } finally {
      this.campaigns.isHeld = false;
    }
  }

  private get leaseMs(): number {
    return this.stage.options.leaseSeconds * 1_000;
  }

  private async anyUp(fits: (instance: Instance) => boolean): Promise<Instance> {
    for (;;) {
      const there = this.stage.instances.filter((instance) => instance.isUp && fits(instance));
      if (there.length > 0) return this.random.pick(there);
      await sleep(LOOK_MS);
    }
  }

  private async noteRisk(): Promise<void> {
    this.stage.lastRiskAt = await this.stage.databaseTime();
  }
}

function shuffle(items: unknown[], random: SeededRandom): void {
  for (let index = items.length - 1; index > 0; index -= 1) {
    const other = random.below(index + 1);
    [items[index], items[other]] = [items[other], items[index]];
  }
}
