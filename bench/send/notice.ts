import type { PreparedMessage } from '../../src/delivery';
import type { OutgoingMessage } from '../../src/gateways';
import type { Secrets } from '../../src/platform/secrets';

export const SENDER = 'STP ANGIANG';
/** A notice of two segments with accents. */
export const TEXT =
  'Sở Tư pháp An Giang: Kính mời cử tri đi bầu cử ĐBQH khóa XV và HĐND các cấp ngày 23/5/2021, từ 7 giờ đến 19 giờ.';
export const SEGMENTS = 2;
/** As many communes as a middling audience lives in: a flush moves a row of counters for each it meets. */
export const AREAS = 60;

/** @param seq from 1 */
export function phoneOf(seq: number): string {
  return `+849${String(seq).padStart(8, '0')}`;
}

export function outgoing(batchId: number, seq: number): OutgoingMessage {
  const reference = { batchId, seq, attempt: 1 };
  return { reference, phone: phoneOf(seq), text: TEXT, sender: SENDER, segments: SEGMENTS };
}

export function* recipients(secrets: Secrets, count: number): Generator<PreparedMessage> {
  for (let seq = 1; seq <= count; seq += 1) {
    const phone = phoneOf(seq);
    const phoneKey = secrets.phoneDigest(phone);
    yield { subscriberId: seq, areaId: seq % AREAS, phone, phoneKey, text: TEXT, segments: SEGMENTS };
  }
}
