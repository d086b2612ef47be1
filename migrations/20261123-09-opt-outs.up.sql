-- `file`: a file of opt-outs. `request`: a citizen's request about his data.
alter table suppressions
  drop constraint suppressions_source,
  add constraint suppressions_source
    check (source in ('phone-call', 'letter', 'in-person', 'sms', 'operator', 'other', 'file', 'request')),
  -- The order of recording, for paging.
  add id integer generated always as identity constraint suppressions_id_unique unique;

-- The consent that lifted an opt-out, for ever, with the opt-out that it lifted. The number goes with an erasure.
create table consents (
  id integer generated always as identity primary key,
  phone_key bytea not null,
  phone text,
  how text not null constraint consents_how check (how in ('written', 'in-person', 'electronic')),
  document text not null,
  given_on date not null,
  recorded_by text not null,
  recorded_at timestamptz not null default now(),
  lifted_source text not null,
  lifted_reason text not null,
  lifted_recorded_by text not null,
  lifted_recorded_at timestamptz not null
);
create index consents_phone_key on consents (phone_key);

-- The lists that a batch's audience came from: an undone import withdraws people from them.
alter table batches
  add list_ids integer[] not null default '{}',
  -- When what became of its texts was counted for the upkeep of numbers.
  add results_counted_at timestamptz;
create index batches_results_to_count on batches (finished_at, id)
  where finished_at is not null and results_counted_at is null;

-- An undo waits for the submissions under way and then writes; the time its transaction began at may be before theirs.
alter table withdrawals alter column at set default clock_timestamp();

-- How many times in a row a number's texts were not delivered. SIMs are given to other people, so numbers die and change
-- hands. Only numbers with an undelivered text have a row.
create table number_health (
  phone_key bytea primary key,
  undelivered_in_row integer not null constraint number_health_not_negative check (undelivered_in_row >= 0),
  -- When the batch ended whose text was the last one not delivered.
  last_undelivered_at timestamptz not null,
  -- A person verified the number: batches that ended before do not count.
  cleared_at timestamptz,
  cleared_by text,
  cleared_reason text
);
create index number_health_in_row on number_health (undelivered_in_row) where undelivered_in_row > 0;

-- Who was in the lists and areas, and left out at submission.
alter table campaigns add left_out_opted_out integer, add left_out_unreachable integer;
