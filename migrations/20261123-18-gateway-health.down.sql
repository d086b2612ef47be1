drop index gateway_shifts_of;
drop table gateway_trials;
alter table gateway_reports drop column latency_ms, drop column is_idle;
