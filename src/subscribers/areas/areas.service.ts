import { Inject, Injectable, OnModuleInit } from '@nestjs/common';
import { appendAudit } from '../../audit';
import { Clock, localDay } from '../../platform/clock';
import { Config } from '../../platform/config';
import { Database } from '../../platform/database/database';
import { type Actor, SYSTEM } from '../../platform/http/actor';
import { LOG, type Log } from '../../platform/observability/log';
import { shareRegister } from '../register-lock';
import { searchKey, tidyName } from '../vietnamese-text';
import { aliasEmpty, aliasNotFound, aliasTaken, areaNotFound } from './area-faults';
import { readOfficialUnits } from './area-files';
import { loadAreaMatcher } from './area-matcher';
import { type AliasRow, areaExists, findAliasesOf, findTextsWithKey, findUnmatchedTexts } from './areas.read-model';
import { deleteAlias, giveArea, insertAlias, writeOfficialUnits } from './areas.store';

/** A text for an area that is none of the known ones, and what it may mean. */
export interface UnmatchedArea {
  readonly areaText: string;
  readonly subscribers: number;
  /** `null`: it is the name of an area now. Whoever came with it gets the area once it is recorded as its alias. */
  readonly why: 'area-unknown' | 'area-ambiguous' | null;
  readonly areaId: number | null;
  readonly candidates: readonly string[];
}

@Injectable()
export class AreasService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: Config,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Loads the official units of PROVINCE_CODE, new and changed ones. Refuses to start on a fault of the files. */
  async onModuleInit(): Promise<void> {
    const units = await readOfficialUnits(this.config.PROVINCE_CODE);
    const written = await this.database.transaction(async (tx) => {
      const count = await writeOfficialUnits(tx, units);
      const details = { province: this.config.PROVINCE_CODE, written: count };
      if (count > 0) await appendAudit(tx, { actor: SYSTEM, act: 'areas.seed', subject: 'areas', details });
      return count;
    });
    if (written > 0) this.log.info({ written }, 'administrative units loaded');
  }

  /** @throws areaNotFound */
  async aliasesOf(areaId: number): Promise<AliasRow[]> {
    if (!(await areaExists(this.database, areaId))) throw areaNotFound({ id: areaId });
    return findAliasesOf(this.database, areaId);
  }

  /**
   * Records what offices write for an area, and gives the area to whoever came with that text and has none.
   *
   * @returns how many subscribers that were
   * @throws areaNotFound, aliasEmpty, aliasTaken
   */
  async recordAlias(actor: Actor, areaId: number, text: string): Promise<{ subscribers: number }> {
    const aliasKey = searchKey(text);
    if (aliasKey === '') throw aliasEmpty();
    return this.database.transaction(async (tx) => {
      await shareRegister(tx);
      if (!(await areaExists(tx, areaId))) throw areaNotFound({ id: areaId });
      // The name of another unit stays that unit's: its people would get the wrong notice.
      const named = (await loadAreaMatcher(tx, { asOf: localDay(this.clock.now()) })).match(text);
      if (named.areaId !== null && named.areaId !== areaId) throw aliasTaken({ id: named.areaId });
      const alias = { aliasKey, areaId, alias: tidyName(text), recordedBy: actor.id };
      const holder = await insertAlias(tx, alias);
      if (holder !== areaId) throw aliasTaken({ id: holder });
      const subscribers = await giveArea(tx, areaId, await findTextsWithKey(tx, aliasKey), actor.id);
      await appendAudit(tx, { actor, act: 'area.add-alias', subject: `area:${areaId}`, details: { subscribers } });
      return { subscribers };
    });
  }

  /**
   * Subscribers keep the area that the alias gave them.
   *
   * @throws aliasNotFound
   */
  async deleteAlias(actor: Actor, areaId: number, text: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await deleteAlias(tx, areaId, searchKey(text)))) throw aliasNotFound({ id: areaId });
      await appendAudit(tx, { actor, act: 'area.delete-alias', subject: `area:${areaId}` });
    });
  }

  async unmatched(most: number): Promise<UnmatchedArea[]> {
    const matcher = await loadAreaMatcher(this.database, { asOf: localDay(this.clock.now()) });
    return (await findUnmatchedTexts(this.database, most)).map(({ areaText, subscribers }) => {
      const match = matcher.match(areaText);
      if (match.areaId !== null) return { areaText, subscribers, why: null, areaId: match.areaId, candidates: [] };
      return { areaText, subscribers, why: match.why, areaId: null, candidates: match.candidates };
    });
  }
}
