drop table counters, deliveries, receipts_to_apply, receipts, outcomes, handovers, chunks, messages, batches;
