-- When it was last let go: released, resumed or past its first wave. What waits is as old as that.
alter table batches add column released_at timestamptz;
