drop table api_keys, sessions, users;
