-- What a contract permits, as a whole (sender '') and of one sender ID. Null: no limit is known, none is kept.
alter table gateway_terms
  add column sender text not null default '',
  alter column segments_per_second drop not null,
  -- Messages handed over and not answered yet, of all instances together.
  add column messages_in_flight integer constraint gateway_terms_in_flight check (messages_in_flight > 0),
  -- Segments a local day.
  add column segments_per_day integer constraint gateway_terms_quota check (segments_per_day > 0),
  add constraint gateway_terms_price_of_the_whole check (sender = '' or vnd_per_segment is null);
alter table gateway_terms drop constraint gateway_terms_pkey;
alter table gateway_terms add constraint gateway_terms_pkey primary key (gateway, sender);

-- What of the terms is used up, one row for each of them. The hand-over mark locks it, so that all instances together keep
-- the rate: the next text may leave at free_at.
create table rate_buckets (
  gateway text not null,
  sender text not null,
  free_at timestamptz not null default '-infinity',
  -- Segments handed over on this local day.
  day date not null default '-infinity',
  used integer not null default 0,
  primary key (gateway, sender)
) with (fillfactor = 50);
insert into rate_buckets (gateway, sender) select gateway, sender from gateway_terms;

-- How many messages an instance may have in flight where the terms limit them; shared out under the bucket's lock. Who dies
-- keeps its seats until they run out.
create table gateway_seats (
  gateway text not null,
  sender text not null,
  owner uuid not null,
  seats integer not null constraint gateway_seats_some check (seats >= 0),
  until timestamptz not null,
  primary key (gateway, sender, owner)
);

-- What each instance finds a gateway to be like: its circuit breaker. Counts until it runs out.
create table gateway_reports (
  gateway text not null,
  owner uuid not null,
  breaker text not null constraint gateway_reports_breaker check (breaker in ('closed', 'open', 'half-open')),
  reason text not null default '',
  since timestamptz not null default now(),
  until timestamptz not null,
  primary key (gateway, owner)
);

-- How much of what may also go elsewhere still goes through this gateway, in percent. No row: all of it.
create table gateway_shares (
  gateway text primary key,
  share smallint not null constraint gateway_shares_percent check (share between 0 and 100),
  changed_at timestamptz not null default now()
);
-- Every step of it, with its reason. Append-only.
create table gateway_shifts (
  id bigint generated always as identity primary key,
  gateway text not null,
  share_before smallint not null,
  share_after smallint not null,
  reason text not null,
  at timestamptz not null default now()
);

alter table batches
  -- Where else the approval lets it go, in order of preference; each gateway with a sender ID of its own.
  add column alternative_gateways text[] not null default '{}',
  add column alternative_senders text[] not null default '{}',
  -- When a chunk of it was leased last: batches of a lane take turns.
  add column served_at timestamptz not null default '-infinity',
  add constraint batches_alternatives check (cardinality(alternative_gateways) = cardinality(alternative_senders));

-- How often its texts were put off for a reason that counts; refusals by rate do not.
alter table chunks add column tries smallint not null default 0;

-- Through which gateway; null: the first of its batch.
alter table handovers add column gateway text;

-- Texts whose outcome is unknown and not settled: the reconciler's list, and people's.
create table unknowns (
  batch_id bigint not null,
  seq integer not null,
  attempt smallint not null,
  chunk_id bigint not null,
  -- Why nobody knows: the code of the outcome.
  code text not null,
  since timestamptz not null default now(),
  -- The next look-up at a gateway that answers them; null: none any more, a person decides.
  look_up_at timestamptz default now(),
  look_ups smallint not null default 0,
  primary key (batch_id, seq, attempt)
);
create index unknowns_look_up on unknowns (look_up_at) where look_up_at is not null;
insert into unknowns (batch_id, seq, attempt, chunk_id, code, since)
select o.batch_id, o.seq, o.attempt,
  coalesce((select c.id from chunks c
    where c.batch_id = o.batch_id and c.attempt = o.attempt
      and case when c.seqs is null then o.seq between c.lo and c.hi else o.seq = any(c.seqs) end limit 1), 0),
  o.code, o.at
from outcomes o
where o.kind = 'unknown' and not exists (
  select from outcomes s where s.batch_id = o.batch_id and s.seq = o.seq and s.attempt = o.attempt and s.certain);

-- What a person or the reconciler settled an unknown text as; `by` is an actor's id, or `look-up`, `resend`, `late-proof`. What a
-- receipt or a late answer settled, its outcome tells. Append-only.
create table settlements (
  batch_id bigint not null,
  seq integer not null,
  attempt smallint not null,
  decision text not null constraint settlements_decision check (decision in ('accepted', 'failed', 'send-again')),
  by text not null,
  reason text not null,
  at timestamptz not null default now(),
  primary key (batch_id, seq, attempt)
);

-- Proof that an attempt was accepted after all, which came when it had been settled as one to send again: the gate does not
-- let the next attempt through.
create table late_proofs (
  batch_id bigint not null,
  seq integer not null,
  attempt smallint not null,
  gateway_message_id text not null,
  at timestamptz not null default now(),
  -- What came of it: the further attempt was held back, or may have reached the citizen as well; or a person had said that the
  -- text failed, and nothing further was to be sent. Null until that is known.
  effect text constraint late_proofs_effect check (effect in ('held-back', 'sent-again', 'contradicts')),
  primary key (batch_id, seq, attempt)
);
create index late_proofs_open on late_proofs (batch_id, seq) where effect is null;

-- Receipts that fit no text of ours, or one the gateway had refused: kept, and shown to people.
create table stray_receipts (
  receipt_id bigint primary key references receipts (id) on delete cascade,
  reason text not null constraint stray_receipts_reason
    check (reason in ('no-such-text', 'other-gateway', 'failed', 'never-sent', 'ended-otherwise')),
  at timestamptz not null default now()
);

-- Other gateways its texts may go through, in order of preference: [{"gateway": …, "sender": …}]. Part of what is approved.
alter table campaigns add column alternatives jsonb not null default '[]'
  constraint campaigns_alternatives_list check (jsonb_typeof(alternatives) = 'array');
