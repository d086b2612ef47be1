-- The gateway's own word for the status: ours is read from it, and a reading can turn out wrong.
alter table receipts add column gateway_status text not null default '';

-- Both are written by one statement and neither row is ever deleted before the other: the check of each row costs a third
-- of keeping a receipt, and writes to the receipt again.
alter table receipts_to_apply drop constraint receipts_to_apply_receipt_id_fkey;
-- Rows come and go by the thousand: what is dead must not make the next look long.
alter table receipts_to_apply set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
