create table topics (
  code text primary key constraint topics_code_form check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name_vi text not null,
  name_en text not null
);

create table templates (
  id integer generated always as identity primary key,
  code text not null constraint templates_code_unique unique
    constraint templates_code_form check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  topic text not null references topics (code),
  -- Shipped templates follow the files of the product; the Department writes its own beside them.
  shipped boolean not null default false,
  historical boolean not null default false,
  created_at timestamptz not null default now()
);

create table template_versions (
  id integer generated always as identity primary key,
  template_id integer not null references templates (id),
  version integer not null constraint template_versions_version_positive check (version > 0),
  title text not null,
  body text not null,
  -- [{document, article}]
  legal_basis jsonb not null,
  valid_from date,
  valid_to date,
  variables jsonb not null,
  example jsonb not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  constraint template_versions_number_unique unique (template_id, version)
);

create trigger template_versions_immutable before update or delete or truncate on template_versions
  for each statement execute function refuse_change();
