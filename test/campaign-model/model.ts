import type { PersonName, Scene } from './scene';
import { hasEnded, type OwnAct, type PeoplesAct, replay, type State } from './reference-table';
import { type Row, stateOf } from './snapshot';

/** Somebody of the register, as this run put him there or corrected him. */
export interface Subscriber {
  readonly id: number;
  readonly fullName: string;
  readonly listIds: ReadonlySet<number>;
  phone: string;
  areaId: number;
  revision: number;
}

/** What was submitted of a batch, seq by seq, as it lay in the database before anything could leave. */
export type Submitted = ReadonlyMap<number, { readonly phone: string; readonly textDigest: string }>;

/** A campaign as it was last seen, and what the service has answered about it. */
export class Known {
  /** Answers "done", by act; and answers that never came, which may have been done. */
  readonly done = new Map<string, number>();
  readonly unheard = new Map<string, number>();
  /** Contents of which a test send was accepted for sending. */
  readonly tried = new Set<string>();
  /** Its last submission found nobody to text. */
  isEmpty = false;
  row: Row;

  constructor(row: Row) {
    this.row = row;
  }

  get id(): number {
    return this.row.id;
  }

  get state(): State {
    return stateOf(this.row);
  }

  note(act: string, answer: 'done' | 'unheard'): void {
    const counts = this[answer];
    counts.set(act, (counts.get(act) ?? 0) + 1);
  }
}

/** What decides a text and the name it arrives under: an edit of it asks for a new test send. */
export const contentOf = ({ values, accented, sender }: Row): string => JSON.stringify([values.ngay, accented, sender]);

/** What the service may do by itself with such a campaign at this moment. */
export function ownActsOf({ startsAt, schedule }: Row): OwnAct[] {
  const acts: OwnAct[] = ['complete'];
  if (startsAt.getTime() <= Date.now()) acts.push('start');
  if (schedule.firstWave) acts.push('first-wave');
  if (schedule.halt) acts.push('halt');
  return acts;
}

const nth = (all: readonly Known[], which: number): Known => all[all.length - 1 - (which % all.length)]!;

export class Model {
  readonly campaigns = new Map<number, Known>();
  readonly batches = new Map<number, Submitted>();
  /** Numbers that were told to be opted out, by when the service had confirmed it. */
  readonly optOuts = new Map<string, number>();
  /** Numbers that are opted out, as of the last look. */
  suppressed: ReadonlySet<string> = new Set();
  /** What happened, for whoever has to find a fault. */
  readonly trace: string[] = [];
  private readonly begun = performance.now();

  constructor(
    /** Campaigns of earlier runs are not looked at. */
    readonly lastIdBefore: number,
    readonly subscribers: readonly Subscriber[],
    readonly listIds: readonly number[],
  ) {}

  say(line: string): void {
    this.trace.push(`${((performance.now() - this.begun) / 1_000).toFixed(2)} s  ${line}`);
  }

  /** The newest is 0. */
  pick(which: number): Known {
    return nth([...this.campaigns.values()], which);
  }

  /** Of those that have not ended, while there are any. */
  pickOpen(which: number): Known {
    const open = [...this.campaigns.values()].filter(({ state }) => !hasEnded(state));
    return open.length > 0 ? nth(open, which) : this.pick(which);
  }
}

const BEGINNINGS = ['campaign.create', 'campaign.clone', 'campaign.resend-failed', 'campaign.correct'];
/** On record of a campaign without being a step of its life. */
const LOOKS = ['campaign.view-phones'];

/** The steps on record, in their order. @throws when the record does not begin with how the campaign came about */
function stepsOf({ id, record }: Row): { act: string; actor: string; details: Readonly<Record<string, unknown>> }[] {
  const [first, ...rest] = record.filter(({ act }) => !LOOKS.includes(act));
  if (!first || !BEGINNINGS.includes(first.act)) throw new Error(`campaign ${id} begins with ${first?.act} on record`);
  return rest.map((entry) => ({ ...entry, act: entry.act.replace(/^campaign\./, '') }));
}

/**
 * The record, replayed through the reference table, must give the state; whoever approved must have had no part in it, and
 * must have approved what was submitted.
 */
export function checkRecord(scene: Scene, { row, done, unheard }: Known): void {
  const steps = stepsOf(row);
  const state = replay(steps.map(({ act }) => act));
  if (state !== stateOf(row)) throw new Error(`campaign ${row.id} is "${stateOf(row)}", but "${state}" by its record`);
  const involved = new Set([row.record[0]!.actor]);
  let submitted: { hash: unknown; by: string } | undefined;
  for (const { act, actor, details } of steps) {
    if (act === 'edit') involved.add(actor);
    if (act === 'submit') submitted = { hash: details.contentHash, by: actor };
    if (act !== 'approve') continue;
    const inPlaceOf = typeof details.inPlaceOf === 'string' ? details.inPlaceOf : actor;
    if ([actor, inPlaceOf].some((person) => involved.has(person) || person === submitted?.by)) {
      throw new Error(`campaign ${row.id} was approved by ${actor}, who had a part in it`);
    }
    if (details.contentHash !== submitted?.hash) throw new Error(`campaign ${row.id}: approved what was not submitted`);
  }
  const isApproved = ['scheduled', 'sending', 'stopped before its start', 'stopped under way', 'completed'].includes(
    state,
  );
  if (isApproved && row.contentHash !== submitted?.hash) throw new Error(`campaign ${row.id} is not what was approved`);
  for (const act of new Set([...done.keys(), ...unheard.keys()])) {
    const count = steps.filter((step) => step.act === act).length;
    const least = done.get(act) ?? 0;
    if (count < least || count > least + (unheard.get(act) ?? 0)) {
      throw new Error(`campaign ${row.id}: "${act}" was answered ${least} times, and is on record ${count} times`);
    }
  }
}

/** Whether somebody wrote, edited or submitted it, or stands in for somebody who did, by the record. */
export function hadPart(scene: Scene, { row }: Known, by: PersonName): boolean {
  const { people } = scene;
  const persons = [people[by], ...(by === 'deputy' ? [people.approver] : [])].map(({ id }) => `user:${id}`);
  const steps = stepsOf(row);
  const editors = [row.record[0]!.actor, ...steps.filter(({ act }) => act === 'edit').map(({ actor }) => actor)];
  const submitter = steps.filter(({ act }) => act === 'submit').at(-1)?.actor;
  return persons.some((person) => editors.includes(person) || person === submitter);
}

/** One request about a campaign, with what was seen before it. */
export interface Asked {
  readonly act: PeoplesAct;
  readonly by: PersonName;
  readonly via: 'A' | 'B';
  /** Of an edit. */
  readonly revision?: number;
  /** Of an approval. */
  readonly hash?: string;
  readonly plan?: object;
}
