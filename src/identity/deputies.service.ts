import { Injectable } from '@nestjs/common';
import { appendAudit } from '../audit';
import { Clock, localDay } from '../platform/clock';
import { Database, type Transaction } from '../platform/database/database';
import { fault } from '../platform/errors';
import type { Actor } from '../platform/http/actor';
import { type DeputyView, findDeputies } from './deputies.read-model';
import { faultOfPeriod } from './deputy-period';
import type { Role } from './roles';

export const deputyNotFound = fault('notFound', 'deputy.not-found', {
  vi: 'Không có lần ủy quyền số {id}.',
  en: 'There is no deputyship {id}.',
});
export const notAnApprover = fault(
  'invalid',
  'deputy.not-an-approver',
  {
    vi: 'Người được thay phải là người phê duyệt còn hoạt động. Quản trị viên hãy chọn người đó trong trường "approverId".',
    en: 'Only an approver who is not disabled has a deputy. An administrator names him in "approverId".',
  },
  'approverId',
);
export const notEligible = fault(
  'invalid',
  'deputy.not-eligible',
  {
    vi: 'Người thay phải là cán bộ còn hoạt động: quản trị viên và kiểm toán viên không phê duyệt, người phê duyệt đã có quyền này.',
    en: 'A deputy is a member of staff who is not disabled: administrators and auditors do not approve, approvers do anyway.',
  },
  'deputyId',
);
export const onlyForOneself = fault(
  'forbidden',
  'deputy.only-for-oneself',
  {
    vi: 'Người phê duyệt chỉ cử hoặc thu hồi người thay cho chính mình. Hãy hỏi quản trị viên.',
    en: 'An approver names and revokes only his own deputies. Ask an administrator.',
  },
  'approverId',
);
export const overlaps = fault(
  'conflict',
  'deputy.overlaps',
  {
    vi: 'Hai người này đã có lần ủy quyền số {id} trùng ngày. Hãy thu hồi lần đó trước.',
    en: 'These two have deputyship {id} on some of these days already. Revoke that one first.',
  },
  'validFrom',
);

export interface NewDeputy {
  readonly deputyId: number;
  readonly approverId?: number;
  readonly validFrom: string;
  readonly validTo: string;
  readonly reason: string;
}

interface Person {
  readonly id: number;
  readonly role: Role;
  readonly disabledAt: Date | null;
}

/** Who approves in whose place for a dated period. */
@Injectable()
export class DeputiesService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  list(filter: { before?: number; limit: number }): Promise<DeputyView[]> {
    return findDeputies(this.database, { ...filter, today: this.today() });
  }

  /** @throws deputyNotFound */
  async get(id: number): Promise<DeputyView> {
    const [found] = await findDeputies(this.database, { id, limit: 1, today: this.today() });
    if (!found) throw deputyNotFound({ id });
    return found;
  }

  /** @throws the faults of a period, onlyForOneself, notAnApprover, notEligible, overlaps */
  async name(actor: Actor, { deputyId, validFrom, validTo, reason, ...given }: NewDeputy): Promise<number> {
    const wrong = faultOfPeriod(validFrom, validTo, this.today());
    if (wrong) throw wrong;
    const approverId = given.approverId ?? actor.personId!;
    checkOwn(actor, approverId);
    return this.database.transaction(async (tx) => {
      await checkPersons(tx, approverId, deputyId);
      const other = await tx.row<{ id: number }>(
        `select id from deputies where deputy_id = $1 and approver_id = $2 and revoked_at is null
           and valid_from <= $4 and valid_to >= $3 order by id limit 1`,
        [deputyId, approverId, validFrom, validTo],
      );
      if (other) throw overlaps({ id: other.id });
      const row = await tx.row<{ id: number }>(
        `insert into deputies (approver_id, deputy_id, valid_from, valid_to, reason, created_by)
         values ($1, $2, $3, $4, $5, $6) returning id`,
        [approverId, deputyId, validFrom, validTo, reason.normalize('NFC').trim(), actor.id],
      );
      const details = { deputyId, approverId, validFrom, validTo };
      await appendAudit(tx, { actor, act: 'deputy.name', subject: `deputy:${row!.id}`, details });
      return row!.id;
    });
  }

  /** Takes effect with the next request. Revoking twice is revoking once. @throws deputyNotFound, onlyForOneself */
  async revoke(actor: Actor, id: number): Promise<void> {
    await this.database.transaction(async (tx) => {
      const found = await tx.row<{ approverId: number; revokedAt: Date | null }>(
        'select approver_id as "approverId", revoked_at as "revokedAt" from deputies where id = $1 for update',
        [id],
      );
      if (!found) throw deputyNotFound({ id });
      checkOwn(actor, found.approverId);
      if (found.revokedAt) return;
      await tx.run('update deputies set revoked_at = $2, revoked_by = $3 where id = $1', [
        id,
        this.clock.now(),
        actor.id,
      ]);
      await appendAudit(tx, { actor, act: 'deputy.revoke', subject: `deputy:${id}` });
    });
  }

  private today(): string {
    return localDay(this.clock.now());
  }
}

/** Who manages accounts could make any approver; everybody else hands on only what is his own. */
function checkOwn({ permissions, personId }: Actor, approverId: number): void {
  if (!permissions.has('users.manage') && approverId !== personId) throw onlyForOneself();
}

/** Locks both, in the order of their ids, so that of two overlapping deputyships named at once the second one sees the first. */
async function checkPersons(tx: Transaction, approverId: number, deputyId: number): Promise<void> {
  const persons = await tx.rows<Person>(
    'select id, role, disabled_at as "disabledAt" from users where id = any($1) order by id for update',
    [[approverId, deputyId]],
  );
  const has = (id: number, role: Role): boolean =>
    persons.some((person) => person.id === id && person.role === role && person.disabledAt === null);
  if (!has(approverId, 'approver')) throw notAnApprover();
  if (!has(deputyId, 'staff')) throw notEligible();
}
