import { Injectable } from '@nestjs/common';
import { appendAudit } from '../../audit';
import { Database, type Queries } from '../../platform/database/database';
import { fault } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import type { HandOverDto } from './hand-over.dto';
import { findAccounts, findOpenWork, type OpenWork } from './hand-over.read-model';
import { moveOwner } from './hand-over.store';

export const onlyOwnWork = fault(
  'forbidden',
  'hand-over.only-own',
  {
    vi: 'Cán bộ chỉ bàn giao chiến dịch của chính mình. Hãy nhờ quản trị viên bàn giao của người khác.',
    en: 'Staff hand over their own campaigns only. Ask an administrator for those of somebody else.',
  },
  'fromUserId',
);
export const unknownOwner = fault(
  'invalid',
  'hand-over.unknown-person',
  { vi: 'Không có tài khoản số {id}. Hãy kiểm tra lại.', en: 'There is no account {id}. Look again.' },
  'fromUserId',
);
export const samePerson = fault(
  'invalid',
  'hand-over.same-person',
  {
    vi: 'Người giao và người nhận là một. Hãy chọn người nhận khác.',
    en: 'They belong to this person already. Choose somebody else.',
  },
  'toUserId',
);
export const notStaff = fault(
  'invalid',
  'hand-over.not-staff',
  {
    vi: 'Người nhận bàn giao phải là cán bộ có tài khoản còn hoạt động. Hãy chọn người khác.',
    en: 'Who takes over must be a member of staff who can sign in. Choose somebody else.',
  },
  'toUserId',
);

export interface HandedOver {
  readonly campaignIds: readonly number[];
  readonly recurrenceIds: readonly number[];
}

/** Campaigns change hands when staff leave; who wrote them stays on record, and stays unable to approve them. */
@Injectable()
export class HandOver {
  constructor(private readonly database: Database) {}

  /** What would change hands. @throws onlyOwnWork, unknownOwner */
  async preview(actor: Actor, fromUserId: number): Promise<OpenWork> {
    await checkOwner(this.database, actor, fromUserId);
    return findOpenWork(this.database, fromUserId);
  }

  /** @throws onlyOwnWork, unknownOwner, samePerson, notStaff */
  async handOver(actor: Actor, { fromUserId, toUserId, reason }: HandOverDto): Promise<HandedOver> {
    return this.database.transaction(async (tx) => {
      await checkOwner(tx, actor, fromUserId);
      if (fromUserId === toUserId) throw samePerson();
      const [taker] = await findAccounts(tx, [toUserId]);
      if (!taker?.isStaff) throw notStaff();
      const { campaigns, recurrences } = await moveOwner(tx, fromUserId, toUserId);
      const details = { from: fromUserId, to: toUserId, reason };
      for (const id of campaigns) {
        await appendAudit(tx, { actor, act: 'campaign.hand-over', subject: `campaign:${id}`, details });
      }
      for (const id of recurrences) {
        await appendAudit(tx, { actor, act: 'recurrence.hand-over', subject: `recurrence:${id}`, details });
      }
      return { campaignIds: campaigns, recurrenceIds: recurrences };
    });
  }
}

async function checkOwner(queries: Queries, { permissions, personId }: Actor, fromUserId: number): Promise<void> {
  if (!permissions.has('users.manage') && fromUserId !== personId) throw onlyOwnWork();
  if ((await findAccounts(queries, [fromUserId])).length === 0) throw unknownOwner({ id: fromUserId });
}
