-- Where a list comes from and until when it may be kept (Law 91/2025/QH15: purpose, basis, source, retention).
alter table subscriber_lists
  add source text not null default '',
  add retain_until date;

-- A number is one person's by the digest alone, which outlives the number; a second unique index would only cost time.
-- No foreign key from here on to tables of administration: the check of one costs a million rows three seconds, and areas,
-- lists and subscribers are deleted only together with what refers to them, in one transaction.
alter table subscribers
  drop constraint subscribers_phone_unique,
  -- A regular expression for every row took longer than its index. Only judgePhoneNumber makes numbers.
  drop constraint subscribers_phone_form,
  add constraint subscribers_phone_form check (phone like '+84_________'),
  drop constraint subscribers_area_id_fkey,
  -- The name as the search compares it: lower case, without accents.
  add name_key text,
  add hamlet text,
  -- The area as a file names it, where it is none of the known ones.
  add area_text text,
  -- Goes up with every change: an undo leaves alone whoever was changed since.
  add revision integer not null default 1,
  -- How much of the revision undos took back: revision - undone is what the import before an undone one left.
  add undone integer not null default 0,
  -- The import that brought this subscriber; null when a person did.
  add import_id integer;

-- Some hundred areas divide any number of subscribers: reading them all costs as little as this index does each import.
drop index subscribers_area;

update subscribers set name_key = trim(regexp_replace(
  translate(lower(regexp_replace(normalize(full_name, NFD), '[\u0300-\u036f]', '', 'g')), 'đð', 'dd'),
  '[^[:alnum:]]+', ' ', 'g'))
where full_name is not null;

alter table list_members
  drop constraint list_members_list_id_fkey,
  drop constraint list_members_subscriber_id_fkey,
  -- The import that put the subscriber on the list; null when a person did.
  add import_id integer;

-- A province has some dozens of lists: PostgreSQL 18 finds the lists of a subscriber by skipping through the primary key.
drop index list_members_subscriber;

-- What a record was before and after each change. An import's own entries are what its undo puts back.
-- Who came with an import and was never changed has no entry: subscribers.import_id says it.
create table subscriber_history (
  id bigint generated always as identity primary key,
  subscriber_id bigint not null,
  at timestamptz not null default now(),
  actor text not null,
  act text not null constraint subscriber_history_act check (act in ('added', 'imported', 'corrected', 'import-undone')),
  import_id integer,
  -- The record's revision after the change.
  revision integer not null,
  before jsonb,
  after jsonb
);
create index subscriber_history_subscriber on subscriber_history (subscriber_id, id);
create index subscriber_history_import on subscriber_history (import_id) where import_id is not null;

-- Whoever left a list by the undo of an import: texts prepared before that instant are not sent to him any more.
create table withdrawals (
  phone_key bytea not null,
  list_id integer not null,
  import_id integer not null,
  at timestamptz not null default now(),
  primary key (phone_key, list_id, import_id)
);

-- uploaded -> analysed -> confirmed -> done -> undoing -> undone. `uploaded`, `confirmed` and `undoing` are work that some
-- instance does in one transaction; analysed may go back to uploaded (read anew) or end as discarded; uploaded may end as
-- failed, with the fault of the file.
alter table imports rename column imported_by to created_by;
alter table imports rename column imported_at to created_at;
alter table imports
  add state text not null default 'done' constraint imports_state
    check (state in ('uploaded', 'analysed', 'confirmed', 'done', 'undoing', 'undone', 'failed', 'discarded')),
  -- What a person chose: sheet, coding, header row, columns, merge policy, day of the list.
  add settings jsonb not null default '{}',
  -- What the reading found: sheets, coding, header, titles, sensitive columns.
  add reading jsonb,
  -- The first rows as they were read, to judge the reading by; until the import is confirmed or discarded.
  add sample jsonb,
  add opted_out integer not null default 0,
  -- How many of the people were not on the list before.
  add joined integer not null default 0,
  -- Goes up with every choice and every step: two people cannot overwrite each other unseen.
  add revision integer not null default 1,
  -- How often an instance began the work of the present state.
  add tries integer not null default 0,
  add progress_rows integer not null default 0,
  add fault jsonb,
  add analysed_at timestamptz,
  add confirmed_by text,
  add confirmed_at timestamptz,
  add done_at timestamptz,
  add undone_by text,
  add undone_at timestamptz,
  add undo_reason text,
  add undo jsonb,
  -- Its rows and file were deleted because their time was over.
  add emptied_at timestamptz,
  alter column header_row drop not null,
  alter column rows set default 0, alter column added set default 0, alter column changed set default 0,
  alter column unchanged set default 0, alter column repeated set default 0, alter column rejected set default 0,
  alter column warned set default 0;
alter table imports alter column state drop default;
update imports set done_at = created_at, confirmed_at = created_at, confirmed_by = created_by,
  reading = jsonb_build_object('columns', columns);
alter table imports drop column columns;
create index imports_working on imports (id) where state in ('uploaded', 'confirmed', 'undoing');

-- The uploaded file, until the import is done, discarded or failed. In the database, so that any instance can go on with it.
create table import_files (
  import_id integer not null references imports (id),
  piece integer not null,
  bytes bytea not null,
  primary key (import_id, piece)
);
alter table import_files alter column bytes set storage external;

-- What became of every row. Written while the file is read, as if everybody were new; the register then mends the verdicts,
-- once more at the confirmation.
-- Taken rows hold what goes into the register, rejected ones only their cells.
create table import_rows (
  import_id integer not null,
  row_number integer not null,
  verdict text not null constraint import_rows_verdict
    check (verdict in ('added', 'changed', 'unchanged', 'repeated', 'rejected')),
  opted_out boolean not null default false,
  phone text,
  phone_key bytea,
  full_name text,
  name_key text,
  area_id integer,
  area_text text,
  hamlet text,
  -- Of a repeated row: the row that has the number first.
  first_row integer,
  -- Why it was rejected, or what should be looked at.
  codes text[],
  -- Of a rejected row: the column at fault, 0-based.
  fault_column smallint,
  -- The row as the office has it, where there is something to be said of it.
  cells text[],
  primary key (import_id, row_number)
);
insert into import_rows (import_id, row_number, verdict, codes, fault_column, cells)
  select import_id, row_number, 'rejected', array[code], 0, array[value] from import_rejections;
drop table import_rejections;
