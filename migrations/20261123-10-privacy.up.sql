-- Whoever had his data erased is not to be texted or imported again without a recorded consent: the digest of his number
-- stays among the opt-outs, with this source.
alter table suppressions
  drop constraint suppressions_source,
  add constraint suppressions_source check (source in (
    'phone-call', 'letter', 'in-person', 'sms', 'operator', 'other', 'file', 'request', 'erasure'));
create index suppressions_erased on suppressions (phone_key) where source = 'erasure';

-- Its numbers and texts were set to null because their time was over.
alter table batches add emptied_at timestamptz;

-- What citizens ask about their data. Decree 356/2025/NĐ-CP: an answer within two working days.
create table citizen_requests (
  id integer generated always as identity primary key,
  kind text not null constraint citizen_requests_kind
    check (kind in ('access', 'correction', 'erasure', 'opt-out', 'objection', 'complaint', 'other')),
  channel text not null constraint citizen_requests_channel
    check (channel in ('phone-call', 'letter', 'in-person', 'sms', 'email', 'online', 'other')),
  received_at timestamptz not null,
  due_at timestamptz not null,
  phone text constraint citizen_requests_phone_form check (phone ~ '^\+84\d{9}$'),
  name text,
  text text,
  recorded_by text not null,
  recorded_at timestamptz not null default now(),
  answer text,
  answered_by text,
  answered_at timestamptz,
  -- The person's data were erased: of the request only kind, channel and times are left.
  erased_at timestamptz,
  constraint citizen_requests_text_until_erased check (text is not null or erased_at is not null),
  constraint citizen_requests_answered_by_somebody check ((answered_at is null) = (answered_by is null))
);
create index citizen_requests_open on citizen_requests (due_at) where answered_at is null;
create index citizen_requests_phone on citizen_requests (phone) where phone is not null;

-- Days that are no working days although they are no weekend (Tết, Giỗ Tổ, the day beside 2/9, days in lieu), and
-- weekend days that are worked in exchange. The four fixed days of the Labour Code 2019, Art. 112, are in the program.
create table calendar_days (
  day date primary key,
  name text not null,
  is_working_day boolean not null default false
);
