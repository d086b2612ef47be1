/** Everything that happens to the service on purpose, and what it is counted by. */
export const FAULTS = [
  /** kill -9 of an instance that sends. */
  'kill-worker',
  /** kill -9 of an instance that only answers people and gateways. */
  'kill-web',
  /** kill -9 of an instance that sends, while nothing is to be sent. */
  'kill-idle',
  /** SIGTERM and a new start. */
  'restart',
  /** SIGSTOP until the lease is over, then SIGCONT. */
  'freeze',
  /** The instance's own clock jumps by hours. */
  'clock-jump',
  'database-restart',
  'connections-cut',
  'disk-full',
  /** Periods in which the gateway took much longer than usual. */
  'gateway-slow',
  /** Texts it never answered and did not take. */
  'gateway-hang',
  'gateway-429',
  'gateway-5xx',
  /** Texts it took and then cut the connection. */
  'gateway-reset',
  'receipts-duplicated',
  /** Periods in which receipts came seconds later. */
  'receipts-late',
  'receipts-reordered',
  /** Posts with a wrong signature, of texts that exist; each was refused. */
  'receipts-forged',
  'pause',
  'resume',
  'opt-out',
  'cancel',
] as const;
export type FaultName = (typeof FAULTS)[number];

export const KILLS: readonly FaultName[] = ['kill-worker', 'kill-web', 'kill-idle'];

/** How often each fault happened, and how many texts they may have left in doubt. */
export class FaultTally {
  /** So many texts may be `unknown` because an instance or the database died, froze or was cut off. */
  mostLost = 0;
  /** So many because an instance did not hear the gateway's answer in time. */
  mostUnheard = 0;
  private readonly counts = new Map<FaultName, number>(FAULTS.map((name) => [name, 0]));

  note(name: FaultName, times = 1): void {
    this.counts.set(name, this.of(name) + times);
  }

  /** Where somebody else counts. */
  set(name: FaultName, times: number): void {
    this.counts.set(name, times);
  }

  of(name: FaultName): number {
    return this.counts.get(name)!;
  }

  get kills(): number {
    return KILLS.reduce((sum, name) => sum + this.of(name), 0);
  }

  missing(skipped: ReadonlySet<FaultName>): FaultName[] {
    return FAULTS.filter((name) => this.of(name) === 0 && !skipped.has(name));
  }

  lines(skipped: ReadonlySet<FaultName>): string[] {
    return FAULTS.map((name) => `  ${name.padEnd(20)} ${skipped.has(name) ? 'skipped' : this.of(name)}`);
  }
}
