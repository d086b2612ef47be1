-- Each bell is rung at most once per tick, however many instances pull it.
create table bells (
  name text primary key,
  rung_at timestamptz not null
);

-- One row: what this database was made with. A service with another secret must not start on it.
create table installation (
  only_row boolean primary key default true constraint installation_only_row check (only_row),
  secret_fingerprint text not null,
  created_at timestamptz not null default now()
);

create table audit_entries (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  act text not null,
  subject text not null,
  details jsonb not null default '{}',
  request_id text
);
create index audit_entries_subject on audit_entries (subject, id);

-- Entries are inserted unchained, so that writers never wait for each other; one chainer links what is committed.
create table audit_unchained (
  entry_id bigint primary key references audit_entries (id)
);

create table audit_links (
  position bigint primary key,
  entry_id bigint not null constraint audit_links_entry_unique unique references audit_entries (id),
  hash bytea not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;

create trigger audit_entries_append_only before update or delete or truncate on audit_entries
  for each statement execute function refuse_change();
create trigger audit_links_append_only before update or delete or truncate on audit_links
  for each statement execute function refuse_change();
