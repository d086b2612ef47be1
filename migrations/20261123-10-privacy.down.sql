drop table calendar_days;
drop table citizen_requests;
alter table batches drop emptied_at;
drop index suppressions_erased;
-- The older version knows no erasure; nobody may be texted because of that.
update suppressions set source = 'other' where source = 'erasure';
alter table suppressions
  drop constraint suppressions_source,
  add constraint suppressions_source check (source in (
    'phone-call', 'letter', 'in-person', 'sms', 'operator', 'other', 'file', 'request'));
