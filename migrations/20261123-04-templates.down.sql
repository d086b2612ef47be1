drop table template_versions, templates, topics;
