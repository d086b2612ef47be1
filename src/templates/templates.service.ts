import { Inject, Injectable, OnModuleInit } from '@nestjs/common';
import { appendAudit } from '../audit';
import { Database, type Queries } from '../platform/database/database';
import { Actor, SYSTEM } from '../platform/http/actor';
import { LOG, type Log } from '../platform/observability/log';
import { type CompiledTemplate, compileTemplate } from './render';
import { readShippedTemplates } from './shipped-templates';
import { codeTaken, templateNotFound, topicNotFound, versionNotFound } from './template-faults';
import {
  findNewestVersions,
  findVersion,
  findVersionsOf,
  insertVersion,
  isNewestOf,
  lockTemplate,
  TemplateVersion,
  upsertTopics,
  VersionContent,
} from './templates.store';

export type CompiledVersion = TemplateVersion & { readonly compiled: CompiledTemplate };

/** Versions are immutable, so a compiled one is good for ever; this many are kept. */
const MOST_COMPILED = 200;

@Injectable()
export class TemplatesService implements OnModuleInit {
  private readonly compiled = new Map<number, CompiledVersion>();

  constructor(
    private readonly database: Database,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Seeds the shipped notices: a new one, or one whose file changed, becomes a new version. Refuses to start on a fault. */
  async onModuleInit(): Promise<void> {
    const { topics, templates } = await readShippedTemplates();
    const added = await this.database.transaction(async (tx) => {
      await upsertTopics(tx, topics);
      let count = 0;
      for (const { code, topic, historical, ...content } of templates) {
        const { id } = await lockTemplate(tx, { code, topic, historical, shipped: true });
        if (await isNewestOf(tx, id, content, SYSTEM.id)) continue;
        await insertVersion(tx, id, content, SYSTEM.id);
        await appendAudit(tx, { actor: SYSTEM, act: 'template.seed', subject: `template:${code}` });
        count += 1;
      }
      return count;
    });
    if (added > 0) this.log.info({ added }, 'shipped templates seeded');
  }

  newest(): Promise<TemplateVersion[]> {
    return findNewestVersions(this.database);
  }

  /** @throws templateNotFound */
  async versionsOf(code: string): Promise<TemplateVersion[]> {
    const versions = await findVersionsOf(this.database, code);
    if (versions.length === 0) throw templateNotFound({ code });
    return versions;
  }

  /** @throws versionNotFound */
  async version(id: number, queries: Queries = this.database): Promise<CompiledVersion> {
    const known = this.compiled.get(id);
    if (known) return known;
    const version = await findVersion(queries, id);
    if (!version) throw versionNotFound({ id });
    const compiled = { ...version, compiled: compileTemplate(version.body) };
    if (this.compiled.size >= MOST_COMPILED) this.compiled.delete(this.compiled.keys().next().value!);
    this.compiled.set(id, compiled);
    return compiled;
  }

  /** @throws codeTaken, topicNotFound */
  async create(
    actor: Actor,
    facts: { code: string; topic: string },
    content: VersionContent,
  ): Promise<TemplateVersion> {
    return this.database.transaction(async (tx) => {
      if (!(await tx.row('select code from topics where code = $1', [facts.topic]))) throw topicNotFound();
      const { id, isNew } = await lockTemplate(tx, { ...facts, shipped: false, historical: false });
      if (!isNew) throw codeTaken({ code: facts.code });
      const versionId = await insertVersion(tx, id, content, actor.id);
      await appendAudit(tx, { actor, act: 'template.create', subject: `template:${facts.code}` });
      return (await findVersion(tx, versionId))!;
    });
  }

  /** @throws templateNotFound */
  async addVersion(actor: Actor, code: string, content: VersionContent): Promise<TemplateVersion> {
    return this.database.transaction(async (tx) => {
      const template = await tx.row<{ id: number }>('select id from templates where code = $1 for update', [code]);
      if (!template) throw templateNotFound({ code });
      const versionId = await insertVersion(tx, template.id, content, actor.id);
      const version = (await findVersion(tx, versionId))!;
      const details = { version: version.version };
      await appendAudit(tx, { actor, act: 'template.add-version', subject: `template:${code}`, details });
      return version;
    });
  }
}
