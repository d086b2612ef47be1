import type { Behaviour } from './behaviour';
import { Deeds } from './deeds';
import { seededDraws } from './fate';

/** The behaviour in force and its stream of draws, which begins anew with each behaviour. */
export class Conduct {
  readonly deeds = new Deeds();
  behaviour: Behaviour;
  draw: () => number;

  constructor(behaviour: Behaviour) {
    this.set(behaviour);
  }

  set(behaviour: Behaviour): void {
    this.behaviour = behaviour;
    this.draw = seededDraws(behaviour.seed);
  }

  afterLatency(act: () => void): void {
    const { latencyMs } = this.behaviour;
    if (latencyMs === 0) act();
    else setTimeout(act, latencyMs);
  }
}
