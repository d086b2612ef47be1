drop table audit_links, audit_unchained, audit_entries, installation, bells;
drop function refuse_change;
