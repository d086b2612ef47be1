drop table suppressions, import_rejections, imports, list_members, subscriber_lists, subscribers, areas;
