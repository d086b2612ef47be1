alter table receipts_to_apply reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
alter table receipts_to_apply add constraint receipts_to_apply_receipt_id_fkey
  foreign key (receipt_id) references receipts (id);
alter table receipts drop column gateway_status;
