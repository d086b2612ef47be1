import type { OneDatabase } from '../bench-database';
import type { Stage } from './stage';

export interface ContenderOptions {
  readonly sockets: number;
  /** Where it keeps its texts. */
  readonly where: OneDatabase;
}

/** Somebody who sends, in processes of his own. */
export interface Contender {
  readonly name: string;
  start(stage: Stage, options: ContenderOptions): Promise<RunningContender>;
}

export interface RunningContender {
  readonly pids: readonly number[];
  /** Puts so many texts where they are sent from. */
  prepare(messages: number): Promise<void>;
  /** Sends what was prepared. @returns seconds until every text was accepted and its status on record */
  send(): Promise<number>;
  stop(): Promise<void>;
}
