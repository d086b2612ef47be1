import { Inject, Injectable, OnModuleInit } from '@nestjs/common';
import { appendAudit } from '../audit';
import { Database, type Queries, type Transaction } from '../platform/database/database';
import { Actor, SYSTEM } from '../platform/http/actor';
import { LOG, type Log } from '../platform/observability/log';
import { compareVersions, type Comparison } from './compare-versions';
import { type Language, LANGUAGES } from './languages';
import { type CompiledTemplate, compileTemplate } from './render';
import { readShippedTemplates } from './shipped-templates';
import {
  codeTaken,
  legalFieldArchived,
  legalFieldNotFound,
  noSuchVersion,
  templateArchived,
  templateNotArchived,
  templateNotFound,
  topicArchived,
  topicNotFound,
  versionNotFound,
} from './template-faults';
import type { TemplateSource } from './template-source';
import {
  completeLegalField,
  findNewestVersions,
  findVersion,
  findVersionsOf,
  insertTemplate,
  insertVersion,
  isNewestOf,
  lockTemplate,
  setArchived,
  TemplateVersion,
  VersionContent,
} from './templates.store';
import { seed, shareForTemplate } from './topics.store';

interface CompiledBodies {
  /** The Vietnamese body. */
  readonly compiled: CompiledTemplate;
  /** The body in a language, the Vietnamese one where there is no variant (or for null). */
  inLanguage(language: Language | null): CompiledTemplate;
}
export type CompiledVersion = TemplateVersion & CompiledBodies;

/** Versions are immutable, so compiled bodies are good for ever; those of so many versions are kept. */
const MOST_COMPILED = 200;

@Injectable()
export class TemplatesService implements OnModuleInit {
  private readonly compiled = new Map<number, CompiledBodies>();

  constructor(
    private readonly database: Database,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Seeds the shipped notices: a new one, or one whose file changed, becomes a new version. Refuses to start on a fault. */
  async onModuleInit(): Promise<void> {
    const { topics, legalFields, templates } = await readShippedTemplates();
    const added = await this.database.transaction(async (tx) => {
      await seed(tx, 'topics', topics);
      await seed(tx, 'legal_fields', legalFields);
      let count = 0;
      for (const template of templates) if (await seedTemplate(tx, template)) count += 1;
      return count;
    });
    if (added > 0) this.log.info({ added }, 'shipped templates seeded');
  }

  newest(archived = false): Promise<TemplateVersion[]> {
    return findNewestVersions(this.database, archived);
  }

  /** @throws templateNotFound */
  async versionsOf(code: string, queries: Queries = this.database): Promise<TemplateVersion[]> {
    const versions = await findVersionsOf(queries, code);
    if (versions.length === 0) throw templateNotFound({ code });
    return versions;
  }

  /** @throws versionNotFound */
  async version(id: number, queries: Queries = this.database): Promise<CompiledVersion> {
    const version = await findVersion(queries, id);
    if (!version) throw versionNotFound({ id });
    // Whether a template is archived changes, so that only the bodies are kept.
    const known = this.compiled.get(id);
    if (known) return { ...version, ...known };
    const bodies = compileBodies(version);
    if (this.compiled.size >= MOST_COMPILED) this.compiled.delete(this.compiled.keys().next().value!);
    this.compiled.set(id, bodies);
    return { ...version, ...bodies };
  }

  /** @throws codeTaken, topicNotFound, topicArchived, legalFieldNotFound, legalFieldArchived */
  async create(
    actor: Actor,
    facts: { code: string; topic: string; legalField?: string },
    content: VersionContent,
  ): Promise<TemplateVersion> {
    const { code } = facts;
    return this.database.transaction(async (tx) => {
      await checkChosen(tx, facts);
      const template = await insertTemplate(tx, { ...facts, shipped: false, historical: false });
      if (!template) throw codeTaken({ code });
      const versionId = await insertVersion(tx, template.id, content, actor.id);
      await appendAudit(tx, { actor, act: 'template.create', subject: `template:${code}` });
      return (await findVersion(tx, versionId))!;
    });
  }

  /** @throws templateNotFound, templateArchived */
  async addVersion(actor: Actor, code: string, content: VersionContent): Promise<TemplateVersion> {
    return this.database.transaction(async (tx) => {
      const template = await lockTemplate(tx, code);
      if (!template) throw templateNotFound({ code });
      if (template.isArchived) throw templateArchived({ code });
      const versionId = await insertVersion(tx, template.id, content, actor.id);
      const version = (await findVersion(tx, versionId))!;
      const details = { version: version.version };
      await appendAudit(tx, { actor, act: 'template.add-version', subject: `template:${code}`, details });
      return version;
    });
  }

  /**
   * Takes a template out of use, or back into it; what was sent with it stays as it is.
   *
   * @returns its newest version
   * @throws templateNotFound; templateArchived or templateNotArchived when it is so already
   */
  async archive(actor: Actor, code: string, archived: boolean): Promise<TemplateVersion> {
    return this.database.transaction(async (tx) => {
      const template = await lockTemplate(tx, code);
      if (!template) throw templateNotFound({ code });
      if (template.isArchived === archived) throw (archived ? templateArchived : templateNotArchived)({ code });
      await setArchived(tx, template.id, archived ? actor.id : null);
      const act = archived ? 'template.archive' : 'template.unarchive';
      await appendAudit(tx, { actor, act, subject: `template:${code}` });
      return (await this.versionsOf(code, tx))[0]!;
    });
  }

  /** @throws templateNotFound, noSuchVersion */
  async compare(code: string, numbers: { from: number; to: number }): Promise<Comparison> {
    const versions = await this.versionsOf(code);
    const find = (field: 'from' | 'to'): TemplateVersion => {
      const version = versions.find((one) => one.version === numbers[field]);
      if (!version) throw noSuchVersion({ code, version: numbers[field] }, { field });
      return version;
    };
    return { code, ...numbers, ...compareVersions(find('from'), find('to')) };
  }
}

/** @returns whether a version was added; none is to an archived template */
async function seedTemplate(tx: Transaction, template: TemplateSource): Promise<boolean> {
  const { code, topic, legalField, historical, ...content } = template;
  const facts = { code, topic, legalField, historical, shipped: true };
  const { id, isArchived } = (await insertTemplate(tx, facts)) ?? (await lockTemplate(tx, code))!;
  if (legalField !== undefined) await completeLegalField(tx, id, legalField);
  if (isArchived || (await isNewestOf(tx, id, content, SYSTEM.id))) return false;
  await insertVersion(tx, id, content, SYSTEM.id);
  await appendAudit(tx, { actor: SYSTEM, act: 'template.seed', subject: `template:${code}` });
  return true;
}

async function checkChosen(tx: Transaction, chosen: { topic: string; legalField?: string }): Promise<void> {
  const topic = await shareForTemplate(tx, 'topics', chosen.topic);
  if (!topic) throw topicNotFound();
  if (topic.archivedAt) throw topicArchived({ code: topic.code });
  if (chosen.legalField === undefined) return;
  const legalField = await shareForTemplate(tx, 'legal_fields', chosen.legalField);
  if (!legalField) throw legalFieldNotFound();
  if (legalField.archivedAt) throw legalFieldArchived({ code: legalField.code });
}

function compileBodies({ body, variants }: TemplateVersion): CompiledBodies {
  const compiled = compileTemplate(body);
  const others = new Map<Language | null, CompiledTemplate>();
  for (const language of LANGUAGES) {
    const variant = variants[language];
    if (variant !== undefined) others.set(language, compileTemplate(variant));
  }
  return { compiled, inLanguage: (language) => others.get(language) ?? compiled };
}
