alter table subscriber_history drop column reason;
