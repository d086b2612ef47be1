import { Injectable } from '@nestjs/common';
import { appendAudit } from '../audit';
import { Config } from '../platform/config';
import { Database, type Queries, type Transaction } from '../platform/database/database';
import type { Actor } from '../platform/http/actor';
import { areaNotFound } from './areas/area-faults';
import { areasWithPredecessors } from './areas/areas.read-model';
import { addSelected, type JoinCounts, lockList, removeSelected } from './members.store';
import { shareRegister } from './register-lock';
import { checkSelectionMeant, type Selection, type SubscriberFilter } from './selection';
import { listNotFound } from './subscriber-faults';
import { countSelected, findMissingArea, findMissingList, type SelectionCounts } from './subscribers.read-model';

/**
 * Who is on a list, decided by a selection: a list out of two others is a new list and their union put on it. Texts of
 * campaigns already submitted go to whom was approved.
 */
@Injectable()
export class Members {
  constructor(
    private readonly database: Database,
    private readonly config: Config,
  ) {}

  /** @throws as filterOf */
  async count(selection: Selection): Promise<SelectionCounts> {
    const filter = await filterOf(this.database, selection);
    return countSelected(this.database, filter, this.config.NUMBER_LEFT_OUT_AFTER);
  }

  /** @throws listNotFound, and as filterOf */
  async add(actor: Actor, listId: number, selection: Selection): Promise<JoinCounts> {
    return this.change(listId, selection, async (tx, filter) => {
      const counts = await addSelected(tx, listId, filter);
      const details = { ...auditDetails(selection), ...counts };
      await appendAudit(tx, { actor, act: 'list.add-members', subject: `list:${listId}`, details });
      return counts;
    });
  }

  /** @throws listNotFound, and as filterOf */
  async remove(actor: Actor, listId: number, selection: Selection): Promise<{ removed: number }> {
    return this.change(listId, selection, async (tx, filter) => {
      const removed = await removeSelected(tx, listId, filter);
      const details = { ...auditDetails(selection), removed };
      await appendAudit(tx, { actor, act: 'list.remove-members', subject: `list:${listId}`, details });
      return { removed };
    });
  }

  private change<T>(
    listId: number,
    selection: Selection,
    work: (tx: Transaction, filter: SubscriberFilter) => Promise<T>,
  ): Promise<T> {
    return this.database.transaction(async (tx) => {
      await shareRegister(tx);
      if (!(await lockList(tx, listId))) throw listNotFound({ id: listId });
      return work(tx, await filterOf(tx, selection));
    });
  }
}

/**
 * What a selection means; areas with the former units whose people live in them now. A list or an area that is not there is a slip, which as an exception would let too many in.
 *
 * @throws selectionEmpty, nameWithoutLetters, listNotFound, areaNotFound
 */
export async function filterOf(queries: Queries, selection: Selection): Promise<SubscriberFilter> {
  checkSelectionMeant(selection);
  for (const field of ['listIds', 'exceptListIds'] as const) {
    const missing = await findMissingList(queries, selection[field] ?? []);
    if (missing !== undefined) throw listNotFound({ id: missing }, { field: `selection.${field}` });
  }
  const missing = await findMissingArea(queries, selection.areaIds ?? []);
  if (missing !== undefined) throw areaNotFound({ id: missing }, { field: 'selection.areaIds' });
  const { everybody: _saidOnPurpose, areaIds, ...filter } = selection;
  return { ...filter, areaIds: areaIds && (await areasWithPredecessors(queries, areaIds)) };
}

/** What was selected, without the name, which is somebody's. */
export function auditDetails({
  name,
  listIds,
  exceptListIds,
  areaIds,
  subscriberIds,
  state,
  language,
  everybody,
}: Selection) {
  return {
    ...(listIds && { listIds: [...listIds] }),
    ...(exceptListIds && { exceptListIds: [...exceptListIds] }),
    ...(areaIds && { areaIds: [...areaIds] }),
    ...(subscriberIds && { subscriberIds: [...subscriberIds] }),
    ...(state && { state }),
    ...(language && { language }),
    ...(name !== undefined && { byName: true }),
    ...(everybody && { everybody }),
  };
}
