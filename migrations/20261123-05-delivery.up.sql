-- One submission of a campaign. Delivery knows batches, never campaigns.
create table batches (
  id bigint generated always as identity primary key,
  state text not null constraint batches_state
    check (state in ('held', 'released', 'paused', 'cancelled', 'finished')),
  gateway text not null,
  sender text not null,
  size integer not null constraint batches_size_positive check (size > 0),
  segments integer not null,
  -- SHA-256 over the digests of all messages in the order of seq: what an approval binds.
  digest bytea not null,
  planned_day date not null,
  not_before timestamptz not null,
  deadline timestamptz,
  created_at timestamptz not null default now(),
  finished_at timestamptz
);

-- Written at submission, released by approval and schedule, deleted with an unreleased revision. Number and text are set
-- to null by erasure: the only update ever. Counts, distinct people and the digest still hold afterwards.
-- No foreign key to batches: the check of one per row is a fifth of the time a submission takes, and both are only ever
-- written and deleted together, in one transaction.
create table messages (
  batch_id bigint not null,
  seq integer not null,
  subscriber_id bigint not null,
  area_id integer not null,
  segments smallint not null,
  phone text,
  phone_key bytea not null,
  digest bytea not null,
  text text,
  primary key (batch_id, seq)
);
-- One person, one notice.
create unique index messages_once_per_number on messages (batch_id, phone_key);

-- The unit of leasing: items lo..hi, which are seqs themselves or places in the list `seqs` (a retry).
-- waiting -> leased -> done; leased -> waiting when the lease ran out or the owner gave it back.
create table chunks (
  id bigint generated always as identity primary key,
  batch_id bigint not null references batches (id),
  attempt smallint not null,
  lo integer not null,
  hi integer not null,
  seqs integer[],
  -- The hand-over mark: items lo..marked may have left this house, the others surely have not.
  marked integer not null,
  -- Of a retry: the local day of the messages' first hand-over. Null for attempt 1, where each step has its own day.
  day date,
  state text not null default 'waiting' constraint chunks_state check (state in ('waiting', 'leased', 'done')),
  due_at timestamptz not null,
  owner uuid,
  fence integer not null default 0,
  leased_until timestamptz,
  constraint chunks_mark_in_range check (lo <= hi and marked between lo - 1 and hi)
);
create index chunks_waiting on chunks (due_at, id) where state = 'waiting';
create index chunks_leased on chunks (leased_until) where state = 'leased';
create index chunks_batch on chunks (batch_id);

-- One row a step: the intent to call the gateway, committed before the call.
create table handovers (
  chunk_id bigint not null references chunks (id),
  from_item integer not null,
  to_item integer not null,
  day date not null,
  at timestamptz not null default now(),
  primary key (chunk_id, from_item)
);

-- What became of each attempt. Insert-only. `certain` is false for `unknown` alone, so that one certain outcome may later
-- settle an unknown one, and two never stand side by side.
create table outcomes (
  batch_id bigint not null,
  seq integer not null,
  attempt smallint not null,
  certain boolean not null,
  kind text not null constraint outcomes_kind
    check (kind in ('accepted', 'failed', 'deferred', 'unknown', 'suppressed', 'cancelled', 'expired')),
  code text not null default '',
  gateway_message_id text,
  day date not null,
  at timestamptz not null default now(),
  primary key (batch_id, seq, attempt, certain),
  constraint outcomes_only_unknown_is_uncertain check (certain = (kind <> 'unknown'))
);

-- Every delivery receipt as it came, for ever.
create table receipts (
  id bigint generated always as identity primary key,
  gateway text not null,
  batch_id bigint not null,
  seq integer not null,
  attempt smallint not null,
  status text not null constraint receipts_status check (status in ('delivered', 'undelivered', 'pending')),
  gateway_message_id text not null,
  code text not null,
  received_at timestamptz not null default now()
);

-- Receipts not applied yet. One that came before its outcome waits here.
create table receipts_to_apply (
  receipt_id bigint primary key references receipts (id),
  due_at timestamptz not null default now(),
  tries smallint not null default 0
);
create index receipts_to_apply_due on receipts_to_apply (due_at);

-- What the receipts say of a message; moves only up: undelivered, delivered.
create table deliveries (
  batch_id bigint not null,
  seq integer not null,
  status text not null constraint deliveries_status check (status in ('delivered', 'undelivered')),
  code text not null,
  at timestamptz not null,
  primary key (batch_id, seq)
) with (fillfactor = 90);

-- The figures, moved in the statement that moves the rows they count; one slot per writer, summed on reading.
-- area_id 0: no area. `closed` counts attempts with an outcome, so that marked - closed = sending.
create table counters (
  batch_id bigint not null references batches (id),
  day date not null,
  area_id integer not null,
  slot smallint not null,
  messages integer not null default 0,
  segments integer not null default 0,
  closed integer not null default 0,
  accepted integer not null default 0,
  failed integer not null default 0,
  unknown integer not null default 0,
  suppressed integer not null default 0,
  cancelled integer not null default 0,
  expired integer not null default 0,
  delivered integer not null default 0,
  undelivered integer not null default 0,
  primary key (batch_id, day, area_id, slot)
) with (fillfactor = 50);
