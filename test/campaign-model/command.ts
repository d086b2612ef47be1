import * as fc from 'fast-check';
import type { Model } from './model';
import type { PersonName, Scene } from './scene';

export type Via = 'A' | 'B';
type Work = (model: Model, scene: Scene) => Promise<void>;

/** One command of a random sequence; its text is what a report shows. */
export class Command implements fc.AsyncCommand<Model, Scene> {
  constructor(
    private readonly text: string,
    private readonly isPossible: (model: Readonly<Model>) => boolean,
    private readonly work: Work,
  ) {}

  check(model: Readonly<Model>): boolean {
    return this.isPossible(model);
  }

  async run(model: Model, scene: Scene): Promise<void> {
    model.say(`— ${this.text}`);
    await this.work(model, scene);
  }

  toString(): string {
    return this.text;
  }
}

export const always = (): boolean => true;
export const hasCampaigns = ({ campaigns }: Readonly<Model>): boolean => campaigns.size > 0;
export const shown = (facts: object): string => JSON.stringify(facts).replaceAll('"', '');

/** The instance asked for, or the other while it is down. */
export async function reachable({ instances }: Scene, via: Via): Promise<Via> {
  if (instances[via].isUp) return via;
  const other = via === 'A' ? 'B' : 'A';
  if (instances[other].isUp) return other;
  await Promise.race(
    Object.values(instances)
      .filter(({ isDown }) => !isDown)
      .map((instance) => instance.whenUp()),
  );
  return instances.A.isUp ? 'A' : 'B';
}

export const vias = fc.constantFrom<Via>('A', 'B');
export const writers = fc.constantFrom<PersonName>('author', 'author', 'deputy');
/** Mostly the newest campaign. */
export const whiches = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.nat(5) },
);
