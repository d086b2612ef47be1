import { moveBatch, prepareBatch, PreparedMessage } from '../../src/delivery';
import type { Database } from '../../src/platform/database/database';
import type { Secrets } from '../../src/platform/secrets';

export const SENDER = 'STP ANGIANG';

/** The n-th number of a test, +8490… */
export const phoneOf = (n: number): string => `+849${String(n).padStart(8, '0')}`;

type BatchPlan = Parameters<typeof prepareBatch>[1];

/** Writes a batch of `size` one-segment texts, subscriber n in area n mod 3, and releases it unless told otherwise. */
export async function makeBatch(
  { database, secrets }: { database: Database; secrets: Secrets },
  size: number,
  options: Partial<BatchPlan> & { hold?: boolean } = {},
): Promise<number> {
  const { hold = false, ...chosen } = options;
  const message = (n: number): PreparedMessage => ({
    subscriberId: n,
    areaId: n % 3,
    phone: phoneOf(n),
    phoneKey: secrets.phoneDigest(phoneOf(n)),
    text: `Kính mời cử tri số ${n} đi bầu cử.`,
    segments: 1,
  });
  async function* pages(): AsyncGenerator<PreparedMessage[]> {
    for (let from = 1; from <= size; from += 1_000) {
      yield Array.from({ length: Math.min(1_000, size - from + 1) }, (_, i) => message(from + i));
    }
  }
  return database.transaction(async (tx) => {
    const usual = { gateway: 'fake', sender: SENDER, plannedDay: '2021-05-20', notBefore: new Date(0), listIds: [] };
    const batch = await prepareBatch(tx, { ...usual, ...chosen }, pages());
    if (!hold) await moveBatch(tx, batch!.id, 'released');
    return batch!.id;
  });
}
