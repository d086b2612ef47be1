import type { Model, Subscriber } from './model';
import { type Scene, send } from './scene';

const PEOPLE = 60;
/** Of a run's three lists: the first 40, the last 40, and some of both. */
const LISTS: readonly ((n: number) => boolean)[] = [(n) => n < 40, (n) => n >= 20, (n) => n < 8 || n >= 52];

/** New people on new lists for each run, so that no run sees what an earlier one did. */
export async function newRegister(
  { database, secrets, areaIds }: Scene,
  run: number,
): Promise<{ subscribers: Subscriber[]; listIds: number[] }> {
  const numbers = Array.from({ length: PEOPLE }, (_, n) => n);
  const phones = numbers.map((n) => `+849${String(10_000_000 + run * 1_000 + n)}`);
  const names = numbers.map((n) => `Nguyễn Văn Số ${n}`);
  const areas = numbers.map((n) => areaIds[n % areaIds.length]!);
  return database.transaction(async (tx) => {
    const rows = await tx.rows<{ id: number; phone: string }>(
      `insert into subscribers (phone, phone_key, full_name, name_key, area_id)
       select * from unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::int[]) returning id, phone`,
      [
        phones,
        phones.map((phone) => secrets.phoneDigest(phone)),
        names,
        names.map((name) => name.toLowerCase()),
        areas,
      ],
    );
    const listIds: number[] = [];
    for (const [index, isOn] of LISTS.entries()) {
      const list = await tx.row<{ id: number }>(
        `insert into subscriber_lists (name, purpose, legal_basis) values ($1, 'Phổ biến pháp luật', 'Luật 14/2012/QH13') returning id`,
        [`Danh sách ${run}.${index}`],
      );
      listIds.push(list!.id);
      const members = rows.filter(({ phone }) => isOn(phones.indexOf(phone))).map(({ id }) => id);
      await tx.run('insert into list_members (list_id, subscriber_id) select $1, unnest($2::bigint[])', [
        list!.id,
        members,
      ]);
    }
    const subscribers = rows.map(({ id, phone }): Subscriber => {
      const n = phones.indexOf(phone);
      const on = listIds.filter((_, index) => LISTS[index]!(n));
      return { id, phone, fullName: names[n]!, listIds: new Set(on), areaId: areas[n]!, revision: 1 };
    });
    return { subscribers, listIds };
  });
}

export async function optOut(scene: Scene, model: Model, { phone }: Subscriber, via: 'A' | 'B'): Promise<void> {
  const body = { phone, source: 'phone-call', reason: 'Gọi điện đề nghị' };
  const heard = await send(scene, via, 'author', 'POST', '/api/v1/opt-outs', body);
  model.say(`${via}: opt-out of subscriber with ${phone} -> ${heard?.status} ${heard?.code}`);
  if (heard?.status !== 201) throw new Error(`an opt-out was answered ${heard?.status} ${heard?.code}`);
  if (!model.optOuts.has(phone)) model.optOuts.set(phone, Date.now());
}

/** A new number or another area; texts that were submitted keep the number they were approved for. */
export async function correct(
  scene: Scene,
  model: Model,
  subscriber: Subscriber,
  what: 'number' | 'area',
  via: 'A' | 'B',
): Promise<void> {
  const areaId = scene.areaIds[(scene.areaIds.indexOf(subscriber.areaId) + 1) % scene.areaIds.length]!;
  // The digit before the run's own becomes another one: a number that nobody has.
  const phone = subscriber.phone.replace(/^\+84(9|8)/, (_, digit) => (digit === '9' ? '+848' : '+849'));
  const change = what === 'number' ? { phone } : { areaId };
  const { id, revision } = subscriber;
  const body = { revision, reason: 'Công dân báo', ...change };
  const heard = await send(scene, via, 'author', 'PATCH', `/api/v1/subscribers/${id}`, body);
  model.say(`${via}: ${what} of subscriber ${id} corrected -> ${heard?.status} ${heard?.code}`);
  if (heard?.status !== 200) throw new Error(`a correction was answered ${heard?.status} ${heard?.code}`);
  Object.assign(subscriber, change, { revision: revision + 1 });
}
