alter table campaigns drop left_out_opted_out, drop left_out_unreachable;
drop table number_health;
alter table withdrawals alter column at set default now();
drop index batches_results_to_count;
alter table batches drop list_ids, drop results_counted_at;
drop table consents;
update suppressions set source = 'other' where source in ('file', 'request');
alter table suppressions
  drop id,
  drop constraint suppressions_source,
  add constraint suppressions_source
    check (source in ('phone-call', 'letter', 'in-person', 'sms', 'operator', 'other'));
