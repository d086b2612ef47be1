-- Topics and legal fields are data: the office adds, renames and archives them; a code is never reused.
alter table topics
  -- Nobody gets two texts on one topic within so many days (rolling); 0 for no cap.
  add column fatigue_days smallint not null default 1 constraint topics_fatigue_days check (fatigue_days between 0 and 365),
  add column archived_at timestamptz;

create table legal_fields (
  code text primary key constraint legal_fields_code_form check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name_vi text not null,
  name_en text not null,
  archived_at timestamptz
);

alter table templates
  add column legal_field text references legal_fields (code),
  -- Archived, never deleted: what was sent refers to it.
  add column archived_at timestamptz,
  add column archived_by text;

-- The same notice in another language: {"km": body, "cja": body} (ISO 639: Khmer, Western Cham).
alter table template_versions add column variants jsonb not null default '{}';

-- Null is Vietnamese.
alter table subscribers
  add column language text constraint subscribers_language check (language in ('km', 'cja'));
-- What a row of a file says; 'vi' where it says Vietnamese, which overwrites what is known, as an empty cell does not.
alter table import_rows
  add column language text constraint import_rows_language check (language in ('vi', 'km', 'cja'));

-- The number a member of staff gets test sends at.
alter table users add column phone text constraint users_phone_form check (phone ~ '^\+84\d{9}$');

-- Who approves in whose place, on which local days, both included.
create table deputies (
  id integer generated always as identity primary key,
  approver_id integer not null references users (id),
  deputy_id integer not null references users (id),
  valid_from date not null,
  valid_to date not null,
  reason text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  revoked_by text,
  constraint deputies_of_another check (approver_id <> deputy_id),
  constraint deputies_period check (valid_from <= valid_to)
);
create index deputies_deputy on deputies (deputy_id) where revoked_at is null;

-- What a contract with a gateway says.
create table gateway_terms (
  gateway text primary key,
  -- Vietnamese đồng for one segment; null while nobody has entered it: then no cost is shown.
  vnd_per_segment integer constraint gateway_terms_price check (vnd_per_segment >= 0),
  -- Segments a second the contract permits; what a forecast reckons with until there are measurements.
  segments_per_second integer not null constraint gateway_terms_rate check (segments_per_second > 0),
  updated_by text not null,
  updated_at timestamptz not null default now()
);

alter table batches
  -- `test`: a test send to staff's own numbers, outside of all statistics.
  add column kind text not null default 'campaign' constraint batches_kind check (kind in ('campaign', 'test')),
  -- Only seqs up to this one may be handed over: the first wave, or what a spread has reached.
  add column released_to integer,
  -- While set, neither the spread nor anything else releases more than the first wave.
  add column in_first_wave boolean not null default false,
  -- 1 goes before 0: corrections.
  add column lane smallint not null default 0 constraint batches_lane check (lane in (0, 1)),
  -- Vietnam's hours, half-open, and ISO days (1 Monday … 7 Sunday) on which texts may leave. Null: at any hour.
  add column window_from time,
  add column window_to time,
  add column window_days smallint[],
  add column on_holidays boolean not null default true,
  -- Released evenly over so many seconds of open window; null: as fast as the gateway allows.
  add column spread_seconds integer constraint batches_spread_positive check (spread_seconds > 0),
  -- Up to when the spread was reckoned, and the part of a text that is left over.
  add column spread_at timestamptz,
  add column spread_carry double precision not null default 0,
  add constraint batches_window check (
    (window_from is null) = (window_to is null) and (window_from is null) = (window_days is null) and window_from < window_to);
update batches set released_to = size;
alter table batches
  alter column released_to set not null,
  add constraint batches_released_to check (released_to between 0 and size);
-- The order in which batches are served.
create index batches_released on batches (gateway, lane desc, not_before, id) where state = 'released';
create index batches_unfinished on batches (id) where finished_at is null;
drop index batches_results_to_count;
create index batches_results_to_count on batches (finished_at, id)
  where finished_at is not null and results_counted_at is null and kind = 'campaign';
-- Within a batch: thousands of chunks may wait beyond what is released, and are not looked at.
drop index chunks_waiting;
create index chunks_waiting on chunks (batch_id, lo) where state = 'waiting' and attempt = 1;
create index chunks_retries on chunks (batch_id, due_at) where state = 'waiting' and attempt > 1;
-- For the reasons of what failed; nearly all outcomes are `accepted` and not in it.
create index outcomes_troubles on outcomes (batch_id, kind, code) where kind in ('failed', 'unknown', 'suppressed');

-- The paper behind a campaign: number, day, signer and the scan. Never changed; a wrong one is replaced by another.
create table official_documents (
  id integer generated always as identity primary key,
  number text not null,
  issued_on date not null,
  signer text not null,
  file_name text not null,
  media_type text not null,
  size integer not null,
  sha256 bytea not null constraint official_documents_sha256_length check (length(sha256) = 32),
  content bytea not null,
  uploaded_by text not null,
  uploaded_at timestamptz not null default now(),
  -- Uploading the same paper again is uploading it once.
  constraint official_documents_once unique (sha256, number, issued_on, signer)
);
alter table official_documents alter column content set storage external;
create trigger official_documents_immutable before update or delete or truncate on official_documents
  for each statement execute function refuse_change();

-- A rule that makes a fresh draft of a campaign again and again; each draft needs its own approval.
create table recurrences (
  id integer generated always as identity primary key,
  campaign_id integer not null references campaigns (id),
  -- {"kind":"before-event","day":"2026-03-15","daysBefore":[10,3,1]} | {"kind":"weekly","weekday":1} | {"kind":"monthly","day":31}
  rule jsonb not null,
  -- Vietnam's time at which each campaign starts.
  start_time time not null,
  -- So many days before the start the draft is made.
  lead_days smallint not null constraint recurrences_lead_days check (lead_days between 1 and 60),
  first_day date not null,
  last_day date,
  owner_person integer not null references users (id),
  created_by text not null,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  ended_by text
);

alter table campaigns
  -- Answerable for it: its author, or whom it was handed over to.
  add column owner_person integer references users (id),
  -- [{"areaIds":[3,7],"values":{"ngay_bau_cu":"8/3/2026"}}]: go before campaign_values for people of these areas.
  add column area_values jsonb not null default '[]',
  -- What is unsent then expires.
  add column deadline timestamptz,
  -- {window, spreadMinutes, misfire, firstWave, halt}
  add column schedule jsonb not null default '{}',
  -- Reasons for setting a rule aside: {urgent, expiredTemplate, fatigueCap}
  add column overrides jsonb not null default '{}',
  add column kind text not null default 'notice' constraint campaigns_kind check (kind in ('notice', 'resend', 'correction')),
  -- The campaign that is sent again or corrected.
  add column origin_id integer references campaigns (id),
  add column cloned_from integer references campaigns (id),
  add column recurrence_id integer references recurrences (id),
  add column recurrence_day date,
  add column document_id integer references official_documents (id),
  -- Why it stands still: null while it does not.
  add column pause_reason text
    constraint campaigns_pause_reason check (pause_reason in ('person', 'first-wave', 'failures', 'misfire', 'differs')),
  -- How the audience came about: {members, duplicates, excluded, otherArea, optedOut, unreachable, recentlyTexted}
  add column audience jsonb,
  add column vnd_per_segment integer,
  -- In whose place the approver acted.
  add column approved_for_person integer references users (id),
  add column cancelled_reason text,
  -- When a person last let it go on: being late is reckoned from then.
  add column resumed_at timestamptz,
  -- Failed or in doubt, and gone, when somebody last let it go on: only what comes after counts towards a halt.
  add column failures_seen integer not null default 0,
  add column gone_seen integer not null default 0,
  add constraint campaigns_origin check ((kind = 'notice') = (origin_id is null)),
  add constraint campaigns_recurrence_once unique (recurrence_id, recurrence_day);
create index campaigns_origin on campaigns (origin_id) where origin_id is not null;
-- Campaigns of before keep to their start alone.
update campaigns set schedule = '{"window":{"from":"07:00","to":"21:00","days":[1,2,3,4,5,6,7],"onHolidays":false},
  "spreadMinutes":null,"misfire":"send-late","firstWave":null,"halt":null}';
update campaigns set owner_person = editor_persons[1];
update campaigns set pause_reason = 'person' where state = 'paused';
update campaigns set audience = jsonb_build_object('optedOut', left_out_opted_out, 'unreachable', left_out_unreachable)
  where left_out_opted_out is not null;
alter table campaigns
  drop column left_out_opted_out, drop column left_out_unreachable,
  add constraint campaigns_paused_for_a_reason check ((state = 'paused') = (pause_reason is not null));

-- Lists whose people are left out.
alter table campaign_lists add column excluded boolean not null default false;

-- Who was left out of a submission, and why; kept as long as the submission.
-- 1 in several lists (texted once, so not left out), 2 on an excluded list, 3 in no chosen area, 4 opted out,
-- 5 unreachable, 6 texted recently on this topic, 7 erased.
create table campaign_left_out (
  campaign_id integer not null,
  reason smallint not null constraint campaign_left_out_reason check (reason between 1 and 7),
  subscriber_id bigint not null,
  primary key (campaign_id, reason, subscriber_id)
);

-- Every reason that was given, for a rule set aside or a rejection, also when the campaign is edited afterwards.
create table campaign_remarks (
  id bigint generated always as identity primary key,
  campaign_id integer not null references campaigns (id),
  kind text not null constraint campaign_remarks_kind
    check (kind in ('rejection', 'urgent', 'window', 'expiredTemplate', 'fatigueCap')),
  reason text not null,
  by text not null,
  at timestamptz not null default now()
);
create index campaign_remarks_campaign on campaign_remarks (campaign_id, id);

-- Test sends of a campaign's draft. `content_key` is the digest of what decides the text, so that an edit asks for a new one.
create table test_sends (
  id integer generated always as identity primary key,
  campaign_id integer not null references campaigns (id),
  batch_id bigint not null constraint test_sends_batch_unique unique references batches (id),
  content_key bytea not null,
  sent_by text not null,
  sent_at timestamptz not null default now()
);
create index test_sends_campaign on test_sends (campaign_id);
