create table users (
  id integer generated always as identity primary key,
  username text not null constraint users_username_form check (username ~ '^[a-z0-9][a-z0-9._-]{1,63}$'),
  full_name text not null,
  role text not null constraint users_role check (role in ('admin', 'staff', 'approver', 'auditor')),
  password_hash text not null,
  created_at timestamptz not null default now(),
  disabled_at timestamptz,
  constraint users_username_unique unique (username)
);

create table sessions (
  token_hash bytea primary key,
  user_id integer not null references users (id),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index sessions_user on sessions (user_id);
create index sessions_expiry on sessions (expires_at);

create table api_keys (
  id integer generated always as identity primary key,
  name text not null,
  role text not null constraint api_keys_role check (role in ('admin', 'staff', 'approver', 'auditor')),
  key_hash bytea not null constraint api_keys_hash_unique unique,
  created_by integer not null references users (id),
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);
