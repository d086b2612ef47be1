import type { Queries, Transaction } from '../platform/database/database';
import type { TemplateSource, TemplateVariable, LegalBasis, Variants } from './template-source';

/** One immutable version of a template, and how the template stands. */
export interface TemplateVersion {
  readonly id: number;
  readonly templateId: number;
  readonly code: string;
  readonly topic: string;
  readonly legalField: string | null;
  readonly historical: boolean;
  /** Since when the template is archived: it takes no further version and no campaign. */
  readonly archivedAt: Date | null;
  readonly version: number;
  readonly title: string;
  readonly body: string;
  readonly variants: Variants;
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
  'title' | 'body' | 'variants' | 'legalBasis' | 'validFrom' | 'validTo' | 'variables' | 'example'
>;

const SELECT_VERSION = `select v.id, t.id as "templateId", t.code, t.topic, t.legal_field as "legalField", t.historical,
    t.archived_at as "archivedAt", v.version, v.title, v.body, v.variants, v.legal_basis as "legalBasis", v.valid_from as "validFrom", v.valid_to as "validTo", v.variables, v.example,
    v.created_by as "createdBy", v.created_at as "createdAt"
  from template_versions v join templates t on t.id = v.template_id`;

export function findVersion(queries: Queries, id: number): Promise<TemplateVersion | undefined> {
  return queries.row<TemplateVersion>(`${SELECT_VERSION} where v.id = $1`, [id]);
}

/** The versions of one template, newest first. */
export function findVersionsOf(queries: Queries, code: string): Promise<TemplateVersion[]> {
  return queries.rows<TemplateVersion>(`${SELECT_VERSION} where t.code = $1 order by v.version desc`, [code]);
}

/** @param archived whether archived templates are wanted too */
export function findNewestVersions(queries: Queries, archived: boolean): Promise<TemplateVersion[]> {
  return queries.rows<TemplateVersion>(
    `${SELECT_VERSION} where v.version = (select max(o.version) from template_versions o where o.template_id = t.id)
       and ($1 or t.archived_at is null)
     order by t.topic desc, t.code`,
    [archived],
  );
}

export interface LockedTemplate {
  readonly id: number;
  readonly isArchived: boolean;
}

/** Two people adding versions number them in turn. */
export function lockTemplate(tx: Transaction, code: string): Promise<LockedTemplate | undefined> {
  return tx.row<LockedTemplate>(
    'select id, archived_at is not null as "isArchived" from templates where code = $1 for update',
    [code],
  );
}

/** @returns undefined when the code is taken */
export function insertTemplate(
  tx: Transaction,
  facts: { code: string; topic: string; legalField?: string; shipped: boolean; historical: boolean },
): Promise<LockedTemplate | undefined> {
  return tx.row<LockedTemplate>(
    `insert into templates (code, topic, legal_field, shipped, historical) values ($1, $2, $3, $4, $5)
     on conflict (code) do nothing returning id, false as "isArchived"`,
    [facts.code, facts.topic, facts.legalField ?? null, facts.shipped, facts.historical],
  );
}

/** Shipped templates written before there were legal fields get theirs. */
export async function completeLegalField(tx: Transaction, templateId: number, legalField: string): Promise<void> {
  await tx.run('update templates set legal_field = $2 where id = $1 and shipped and legal_field is null', [
    templateId,
    legalField,
  ]);
}

/** The caller holds the template's lock. */
export async function setArchived(tx: Transaction, templateId: number, archivedBy: string | null): Promise<void> {
  await tx.run(
    'update templates set archived_at = case when $2::text is not null then now() end, archived_by = $2 where id = $1',
    [templateId, archivedBy],
  );
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
       (template_id, version, title, body, legal_basis, valid_from, valid_to, variables, example, variants, created_by)
     select $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10 from template_versions where template_id = $1
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
        and valid_to is not distinct from $6::date and variables = $7::jsonb and example = $8::jsonb
        and variants = $9::jsonb as same
     from template_versions where template_id = $1 and created_by = $10 order by version desc limit 1`,
    [templateId, ...contentValues(content), author],
  );
  return row?.same ?? false;
}

function contentValues(content: VersionContent): unknown[] {
  const { title, body, variants, legalBasis, validFrom, validTo, variables, example } = content;
  return [
    title,
    body,
    JSON.stringify(legalBasis),
    validFrom ?? null,
    validTo ?? null,
    JSON.stringify(variables),
    JSON.stringify(example),
    JSON.stringify(variants),
  ];
}
