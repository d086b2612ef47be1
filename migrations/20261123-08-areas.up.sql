-- Official units at commune level: today's tree, and the one with districts that was valid until 30 June 2025. They are
-- loaded from areas/*.tsv at the start of the service. An area without code was made from an office's file.
alter table areas
  drop constraint areas_search_key_unique,
  add column code text constraint areas_code_form check (code ~ '^\d{5}$'),
  add column kind text constraint areas_kind check (kind in ('xã', 'phường', 'thị trấn', 'đặc khu')),
  -- With its kind, as `Huyện Tri Tôn`; only units of the former tree have one.
  add column district text,
  -- The province of the unit's own tree: 91 was Kiên Giang until 30 June 2025 and is An Giang since.
  add column province_code text,
  add column province text,
  -- Other official names of the same unit, as `Thị trấn Nhà Bàng` of today's `Phường Nhà Bàng`.
  add column former_names text[] not null default '{}',
  -- Half-open: valid from the first day, no more from the last one. Null is as long ago as anybody asks, and until now.
  add column valid_from date,
  add column valid_until date,
  add constraint areas_validity check (valid_from < valid_until),
  add constraint areas_official_or_not check ((code is null) = (kind is null) and (code is null) = (province_code is null));
comment on column areas.search_key is 'The name without its kind, accents, case and punctuation: Xã Hoà An = hoa an.';

update areas set search_key = regexp_replace(search_key, '^(xa|phuong|thi tran|dac khu) (?=\S)', '');

-- Both trees use the same codes: 30673 was Thị trấn Hội An and is Xã Hội An.
create unique index areas_code on areas (code, coalesce(valid_from, '-infinity'::date)) where code is not null;
create index areas_search_key on areas (search_key);

-- What became of a unit; several rows where it was divided.
create table area_successions (
  old_id integer not null references areas (id),
  new_id integer not null references areas (id),
  primary key (old_id, new_id),
  constraint area_successions_of_another check (old_id <> new_id)
);
create index area_successions_new on area_successions (new_id);

-- What offices write for an area, where it is none of its names. One text means one area.
create table area_aliases (
  alias_key text primary key,
  area_id integer not null references areas (id),
  alias text not null,
  recorded_by text not null,
  recorded_at timestamptz not null default now()
);
create index area_aliases_area on area_aliases (area_id);
