-- The counters of batches that have ended, without their slots: by day and area, and by day alone. What still comes, receipts
-- above all, is counted in `counters` as before and folded in later: a figure is always the sum of both.
create table settled_counters (
  batch_id bigint not null references batches (id),
  day date not null,
  area_id integer not null,
  messages integer not null,
  segments integer not null,
  closed integer not null,
  accepted integer not null,
  failed integer not null,
  unknown integer not null,
  suppressed integer not null,
  cancelled integer not null,
  expired integer not null,
  delivered integer not null,
  undelivered integer not null,
  primary key (batch_id, day, area_id)
);
create table settled_totals (
  batch_id bigint not null references batches (id),
  day date not null,
  messages integer not null,
  segments integer not null,
  closed integer not null,
  accepted integer not null,
  failed integer not null,
  unknown integer not null,
  suppressed integer not null,
  cancelled integer not null,
  expired integer not null,
  delivered integer not null,
  undelivered integer not null,
  primary key (batch_id, day)
);
create view counted_by_area as
  select batch_id, day, area_id, messages, segments, closed, accepted, failed, unknown, suppressed, cancelled, expired,
    delivered, undelivered from counters
  union all
  select batch_id, day, area_id, messages, segments, closed, accepted, failed, unknown, suppressed, cancelled, expired,
    delivered, undelivered from settled_counters;
create view counted_by_day as
  select batch_id, day, messages, segments, closed, accepted, failed, unknown, suppressed, cancelled, expired, delivered,
    undelivered from counters
  union all
  select batch_id, day, messages, segments, closed, accepted, failed, unknown, suppressed, cancelled, expired, delivered,
    undelivered from settled_totals;

-- Whom texts were addressed to, numbered without gaps, by the keyed digest of the number, which outlives its erasure.
create table addressees (
  id integer generated always as identity primary key,
  phone_key bytea not null,
  constraint addressees_once unique (phone_key)
);
-- The people of a batch as bits: bit i of block b stands for the addressee b * n + i, n being 16,384 for all areas together and
-- 2,048 for each. Distinct people of any batches are the ones of their union. A batch's people are fixed when it is released,
-- their days when it has ended.
create table addressee_sets (
  batch_id bigint not null references batches (id),
  -- '-infinity': of all days. Single days only of batches that were sent on several.
  day date not null,
  -- -1: of all areas.
  area_id integer not null,
  block integer not null,
  people bit varying not null,
  primary key (batch_id, day, area_id, block),
  constraint addressee_sets_whole_blocks check (length(people) = case area_id when -1 then 16384 else 2048 end)
);
-- Of one addressee, among those of an area.
create function addressee_block(id integer) returns integer
  language sql immutable strict parallel safe return id / 2048;
create function addressee_bit(id integer) returns bit
  language sql immutable strict parallel safe return set_bit(repeat('0', 2048)::bit(2048), id % 2048, 1);
-- Most of it is zeros in a row of its own; decompressing would cost more than reading.
alter table addressee_sets alter column people set storage plain;

alter table batches
  -- Its people are in addressee_sets; those of single days too.
  add column people_kept boolean not null default false,
  add column days_kept boolean not null default false;
create index batches_people_to_keep on batches (id) where not people_kept;
create index batches_days_to_keep on batches (id) where not days_kept;
