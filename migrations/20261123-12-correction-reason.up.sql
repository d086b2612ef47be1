-- Why a person corrected a record. Beside the change and not in the audit log, which is for ever: people name people in it.
alter table subscriber_history add reason text;
