create table campaigns (
  id integer generated always as identity primary key,
  name text not null,
  template_version_id integer not null references template_versions (id),
  -- Values that are the same for all recipients, such as the day of the election.
  campaign_values jsonb not null default '{}',
  gateway text not null,
  sender text not null,
  accented boolean not null,
  starts_at timestamptz not null,
  state text not null constraint campaigns_state
    check (state in ('draft', 'submitted', 'scheduled', 'sending', 'paused', 'completed', 'cancelled')),
  -- Goes up with every change: two people cannot overwrite each other unseen.
  revision integer not null default 1,
  author text not null,
  -- Everybody whose words are in it, the author first: none of them may approve it.
  editor_persons integer[] not null default '{}',
  created_at timestamptz not null default now(),
  batch_id bigint constraint campaigns_batch_unique unique references batches (id),
  -- What the approval binds: text, audience, sender and schedule.
  content_hash text,
  submitted_by text,
  submitted_person integer,
  submitted_at timestamptz,
  approved_by text,
  approved_at timestamptz,
  rejected_reason text,
  started_at timestamptz,
  completed_at timestamptz
);
create index campaigns_state_start on campaigns (state, starts_at);

create table campaign_lists (
  campaign_id integer not null references campaigns (id),
  list_id integer not null references subscriber_lists (id),
  primary key (campaign_id, list_id)
);

-- No rows: every area.
create table campaign_areas (
  campaign_id integer not null references campaigns (id),
  area_id integer not null references areas (id),
  primary key (campaign_id, area_id)
);
