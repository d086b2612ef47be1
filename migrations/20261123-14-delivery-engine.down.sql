alter table campaigns drop column alternatives;
drop table stray_receipts;
drop table late_proofs;
drop table settlements;
drop table unknowns;
alter table handovers drop column gateway;
alter table chunks drop column tries;
alter table batches
  drop constraint batches_alternatives,
  drop column served_at,
  drop column alternative_senders,
  drop column alternative_gateways;
drop table gateway_shifts;
drop table gateway_shares;
drop table gateway_reports;
drop table gateway_seats;
drop table rate_buckets;
delete from gateway_terms where sender <> '';
update gateway_terms set segments_per_second = 10 where segments_per_second is null;
alter table gateway_terms drop constraint gateway_terms_pkey;
alter table gateway_terms
  drop constraint gateway_terms_price_of_the_whole,
  drop column segments_per_day,
  drop column messages_in_flight,
  alter column segments_per_second set not null,
  drop column sender;
alter table gateway_terms add constraint gateway_terms_pkey primary key (gateway);
