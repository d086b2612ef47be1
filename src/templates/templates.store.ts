import type { Queries, Transaction } from '../platform/database/database';
import type { TemplateSource, TemplateVariable, LegalBasis } from './template-source';
import type { TopicSource } from './topics-source';

/** One immutable version of a template. */
export interface TemplateVersion {
  readonly id: number;
  readonly templateId: number;
  readonly code: string;
  readonly topic: string;
  readonly historical: boolean;
  readonly version: number;
  readonly title: string;
  readonly body: string;
  readonly legalBasis: readonly LegalBasis[];
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly variables: Readonly<Record<string, TemplateVariable>>;
  readonly example: Readonly<Record<string, string>>;
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** What a new version says. */
export type VersionContent = Pick<
  TemplateSource,
  'title' | 'body' | 'legalBasis' | 'validFrom' | 'validTo' | 'variables' | 'example'
>;

const SELECT_VERSION = `select v.id, t.id as "templateId", t.code, t.topic, t.historical, v.version, v.title, v.body,
    v.legal_basis as "legalBasis", v.valid_from as "validFrom", v.valid_to as "validTo", v.variables, v.example,
    v.created_by as "createdBy", v.created_at as "createdAt"
  from template_versions v join templates t on t.id = v.template_id`;

export function findVersion(queries: Queries, id: number): Promise<TemplateVersion | undefined> {
  return queries.row<TemplateVersion>(`${SELECT_VERSION} where v.id = $1`, [id]);
}

/** The versions of one template, newest first. */
export function findVersionsOf(queries: Queries, code: string): Promise<TemplateVersion[]> {
  return queries.rows<TemplateVersion>(`${SELECT_VERSION} where t.code = $1 order by v.version desc`, [code]);
}

/** The newest version of every template. */
export function findNewestVersions(queries: Queries): Promise<TemplateVersion[]> {
  return queries.rows<TemplateVersion>(
    `${SELECT_VERSION} where v.version = (select max(o.version) from template_versions o where o.template_id = t.id)
     order by t.topic desc, t.code`,
  );
}

export async function upsertTopics(tx: Transaction, topics: readonly TopicSource[]): Promise<void> {
  for (const { code, name } of topics) {
    await tx.run(
      `insert into topics (code, name_vi, name_en) values ($1, $2, $3)
       on conflict (code) do update set name_vi = excluded.name_vi, name_en = excluded.name_en`,
      [code, name.vi, name.en],
    );
  }
}

/** Makes or finds a template and locks it, so that two people adding versions number them in turn. */
export async function lockTemplate(
  tx: Transaction,
  facts: { code: string; topic: string; shipped: boolean; historical: boolean },
): Promise<{ id: number; isNew: boolean }> {
  const inserted = await tx.row<{ id: number }>(
    `insert into templates (code, topic, shipped, historical) values ($1, $2, $3, $4)
     on conflict (code) do nothing returning id`,
    [facts.code, facts.topic, facts.shipped, facts.historical],
  );
  if (inserted) return { id: inserted.id, isNew: true };
  const found = await tx.row<{ id: number }>('select id from templates where code = $1 for update', [facts.code]);
  return { id: found!.id, isNew: false };
}

/** Adds the next version. The caller holds the template's lock. Returns the version's id. */
export async function insertVersion(
  tx: Transaction,
  templateId: number,
  content: VersionContent,
  createdBy: string,
): Promise<number> {
  const row = await tx.row<{ id: number }>(
    `insert into template_versions
       (template_id, version, title, body, legal_basis, valid_from, valid_to, variables, example, created_by)
     select $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9 from template_versions where template_id = $1
     returning id`,
    [templateId, ...contentValues(content), createdBy],
  );
  return row!.id;
}

/** Whether the newest version that this author made says exactly this. */
export async function isNewestOf(
  tx: Transaction,
  templateId: number,
  content: VersionContent,
  author: string,
): Promise<boolean> {
  const row = await tx.row<{ same: boolean }>(
    `select title = $2 and body = $3 and legal_basis = $4::jsonb and valid_from is not distinct from $5::date
        and valid_to is not distinct from $6::date and variables = $7::jsonb and example = $8::jsonb as same
     from template_versions where template_id = $1 and created_by = $9 order by version desc limit 1`,
    [templateId, ...contentValues(content), author],
  );
  return row?.same ?? false;
}

function contentValues(content: VersionContent): unknown[] {
  const { title, body, legalBasis, validFrom, validTo, variables, example } = content;
  return [
    title,
    body,
    JSON.stringify(legalBasis),
    validFrom ?? null,
    validTo ?? null,
    JSON.stringify(variables),
    JSON.stringify(example),
  ];
}
