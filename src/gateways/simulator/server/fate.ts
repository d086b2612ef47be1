import type { PostedReceipt } from '../simulator-receipts';
import type { Behaviour } from './behaviour';
import type { MessageRequest } from './message-request';

/** What the simulator does with one message. Only `accept` puts it on the ledger. */
export type Fate = 'accept' | 'refuse' | 'optedOut' | 'throttle' | 'fail';

/** What becomes of the answer to a whole request, one message or a list. With `hang` nothing is accepted. */
export type RequestTrouble = 'hang' | 'drop' | 'reset';

export interface Addressee {
  readonly batchId: number;
  readonly number: string;
}

/** @param draw 0 ≤ draw() < 1, from a seeded stream; drawn anew for every request, so that a repetition may succeed */
export function requestTroubleOf(behaviour: Behaviour, draw: () => number): RequestTrouble | undefined {
  if (behaviour.hangShare > 0 && draw() < behaviour.hangShare) return 'hang';
  if (behaviour.dropShare > 0 && draw() < behaviour.dropShare) return 'drop';
  return behaviour.resetShare > 0 && draw() < behaviour.resetShare ? 'reset' : undefined;
}

/**
 * Trouble that passes (throttle, fail) is drawn anew each time; what is true of a number (refused, opted out) follows from
 * the seed, the batch and the number alone.
 *
 * @param draw as for {@link requestTroubleOf}
 */
export function fateOf(addressee: Addressee, behaviour: Behaviour, draw: () => number): Fate {
  if (behaviour.throttleShare > 0 && draw() < behaviour.throttleShare) return 'throttle';
  if (behaviour.failShare > 0 && draw() < behaviour.failShare) return 'fail';
  if (isChosen(behaviour.refuseShare, 'refuse', addressee, behaviour)) return 'refuse';
  return isChosen(behaviour.optedOutShare, 'opted-out', addressee, behaviour) ? 'optedOut' : 'accept';
}

export function addresseeOf({ parsed, to }: Pick<MessageRequest, 'parsed' | 'to'>): Addressee {
  return { batchId: parsed.batchId, number: to };
}

/** What the receipt says: the same when a restarted simulator reads the message from its ledger. */
export function verdictOf(addressee: Addressee, behaviour: Behaviour): Pick<PostedReceipt, 'status' | 'code'> {
  return isChosen(behaviour.undeliveredShare, 'undelivered', addressee, behaviour)
    ? { status: 'undelivered', code: 'handset-unreachable' }
    : { status: 'delivered', code: '' };
}

function isChosen(share: number, purpose: string, { batchId, number }: Addressee, { seed }: Behaviour): boolean {
  return share > 0 && placeOf(`${seed}|${purpose}|${batchId}|${number}`) < share;
}

/** 0 ≤ place < 1, evenly spread: FNV-1a, then the finaliser of MurmurHash3, because numbers are consecutive. */
function placeOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
}

/** A stream of draws, always the same for a seed (mulberry32). */
export function seededDraws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
