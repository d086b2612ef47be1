drop view counted_by_day, counted_by_area;
-- What was folded goes back where it came from: into slot 0, whose rows were folded with the others.
insert into counters as k (batch_id, day, area_id, slot, messages, segments, closed, accepted, failed, unknown, suppressed,
  cancelled, expired, delivered, undelivered)
select batch_id, day, area_id, 0, messages, segments, closed, accepted, failed, unknown, suppressed, cancelled, expired,
  delivered, undelivered
from settled_counters
on conflict (batch_id, day, area_id, slot) do update set
  messages = k.messages + excluded.messages,
  segments = k.segments + excluded.segments,
  closed = k.closed + excluded.closed,
  accepted = k.accepted + excluded.accepted,
  failed = k.failed + excluded.failed,
  unknown = k.unknown + excluded.unknown,
  suppressed = k.suppressed + excluded.suppressed,
  cancelled = k.cancelled + excluded.cancelled,
  expired = k.expired + excluded.expired,
  delivered = k.delivered + excluded.delivered,
  undelivered = k.undelivered + excluded.undelivered;
drop function addressee_block, addressee_bit;
drop table settled_counters, settled_totals, addressee_sets, addressees;
drop index batches_people_to_keep, batches_days_to_keep;
alter table batches drop column people_kept, drop column days_kept;
