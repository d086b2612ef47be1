create table import_rejections (
  import_id integer not null references imports (id),
  row_number integer not null,
  column_title text not null,
  value text not null,
  code text not null,
  primary key (import_id, row_number)
);
insert into import_rejections
  select r.import_id, r.row_number, '', coalesce(r.cells[1], ''), r.codes[1]
  from import_rows r join imports i on i.id = r.import_id and i.state in ('done', 'undone') where r.verdict = 'rejected';
drop table import_rows, import_files, withdrawals, subscriber_history;

delete from imports where state not in ('done', 'undone');
drop index imports_working;
alter table imports add columns jsonb not null default '{}';
update imports set columns = coalesce(reading -> 'columns', '{}');
alter table imports
  drop column state, drop column settings, drop column reading, drop column sample, drop column opted_out, drop column joined, drop column revision, drop column tries,
  drop column progress_rows, drop column fault, drop column analysed_at, drop column confirmed_by, drop column confirmed_at,
  drop column done_at, drop column undone_by, drop column undone_at, drop column undo, drop column undo_reason, drop column emptied_at,
  alter column columns drop default, alter column header_row set not null,
  alter column rows drop default, alter column added drop default, alter column changed drop default,
  alter column unchanged drop default, alter column repeated drop default, alter column rejected drop default,
  alter column warned drop default;
alter table imports rename column created_by to imported_by;
alter table imports rename column created_at to imported_at;

alter table list_members
  drop column import_id,
  add constraint list_members_list_id_fkey foreign key (list_id) references subscriber_lists (id),
  add constraint list_members_subscriber_id_fkey foreign key (subscriber_id) references subscribers (id);
alter table subscribers
  drop column name_key, drop column hamlet, drop column area_text, drop column revision, drop column undone, drop column import_id,
  drop constraint subscribers_phone_form,
  add constraint subscribers_phone_form check (phone ~ '^\+84\d{9}$'),
  add constraint subscribers_phone_unique unique (phone),
  add constraint subscribers_area_id_fkey foreign key (area_id) references areas (id);
create index list_members_subscriber on list_members (subscriber_id);
create index subscribers_area on subscribers (area_id);
alter table subscriber_lists drop column source, drop column retain_until;
