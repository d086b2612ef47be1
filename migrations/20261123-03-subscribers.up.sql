create table areas (
  id integer generated always as identity primary key,
  name text not null,
  -- The name without accents, case and punctuation: Hoà = Hòa = hoa.
  search_key text not null constraint areas_search_key_unique unique
);

create table subscribers (
  id bigint generated always as identity primary key,
  phone text not null constraint subscribers_phone_unique unique
    constraint subscribers_phone_form check (phone ~ '^\+84\d{9}$'),
  -- A keyed digest of the number: outlives the erasure of the number itself.
  phone_key bytea not null constraint subscribers_phone_key_unique unique,
  full_name text,
  area_id integer references areas (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index subscribers_area on subscribers (area_id);

create table subscriber_lists (
  id integer generated always as identity primary key,
  name text not null constraint subscriber_lists_name_unique unique,
  purpose text not null,
  legal_basis text not null,
  created_at timestamptz not null default now()
);

create table list_members (
  list_id integer not null references subscriber_lists (id),
  subscriber_id bigint not null references subscribers (id),
  primary key (list_id, subscriber_id)
);
create index list_members_subscriber on list_members (subscriber_id);

create table imports (
  id integer generated always as identity primary key,
  list_id integer not null references subscriber_lists (id),
  file_name text not null,
  file_bytes bigint not null,
  file_sha256 text not null,
  imported_by text not null,
  imported_at timestamptz not null default now(),
  header_row integer not null,
  columns jsonb not null,
  rows integer not null,
  added integer not null,
  changed integer not null,
  unchanged integer not null,
  repeated integer not null,
  rejected integer not null,
  warned integer not null,
  constraint imports_every_row_counted check (rows = added + changed + unchanged + repeated + rejected)
);

create table import_rejections (
  import_id integer not null references imports (id),
  row_number integer not null,
  column_title text not null,
  value text not null,
  code text not null,
  primary key (import_id, row_number)
);

-- An opt-out is final and outlives the subscriber: it is kept by the digest of the number.
create table suppressions (
  phone_key bytea primary key,
  phone text,
  source text not null constraint suppressions_source check (source in ('phone-call', 'letter', 'in-person', 'sms', 'operator', 'other')),
  reason text not null,
  recorded_by text not null,
  recorded_at timestamptz not null default now()
);
