drop table campaign_remarks, test_sends, campaign_left_out;
alter table campaign_lists drop column excluded;
alter table campaigns
  drop constraint campaigns_paused_for_a_reason,
  add column left_out_opted_out integer,
  add column left_out_unreachable integer;
update campaigns set left_out_opted_out = (audience ->> 'optedOut')::int, left_out_unreachable = (audience ->> 'unreachable')::int;
alter table campaigns
  drop column owner_person, drop column area_values, drop column deadline, drop column schedule, drop column overrides,
  drop column kind, drop column origin_id, drop column cloned_from, drop column recurrence_id, drop column recurrence_day,
  drop column document_id, drop column pause_reason, drop column audience, drop column vnd_per_segment,
  drop column approved_for_person, drop column cancelled_reason, drop column resumed_at,
  drop column failures_seen, drop column gone_seen;
drop table recurrences, official_documents;
drop index batches_released, batches_unfinished, batches_results_to_count, chunks_waiting, chunks_retries, outcomes_troubles;
create index chunks_waiting on chunks (due_at, id) where state = 'waiting';
create index batches_results_to_count on batches (finished_at, id)
  where finished_at is not null and results_counted_at is null;
alter table batches
  drop column kind, drop column released_to, drop column in_first_wave, drop column lane, drop column window_from, drop column window_to,
  drop column window_days, drop column on_holidays, drop column spread_seconds, drop column spread_at, drop column spread_carry;
drop table gateway_terms, deputies;
alter table users drop column phone;
alter table import_rows drop column language;
alter table subscribers drop column language;
alter table template_versions drop column variants;
alter table templates drop column legal_field, drop column archived_at, drop column archived_by;
drop table legal_fields;
alter table topics drop column fatigue_days, drop column archived_at;
