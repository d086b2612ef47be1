alter table batches drop column released_at;
