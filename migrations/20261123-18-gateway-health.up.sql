-- What else an instance reports of a gateway: how long it takes to answer, and whether it answered at all of late.
alter table gateway_reports
  add column is_idle boolean not null default false,
  add column latency_ms integer;

-- When a person last said that a gateway works again: every instance then tries it at once.
create table gateway_trials (
  gateway text primary key,
  at timestamptz not null
);
create index gateway_shifts_of on gateway_shifts (gateway, id);
