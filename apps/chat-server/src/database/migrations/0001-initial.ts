/**
 * Integer keys inside, text ids outside: the primary and unique keys of `entries` are what a send costs most.
 * Times that decide something are the database's, in epoch milliseconds.
 */
export const initial = `
create function now_ms() returns bigint language sql volatile as
  $$ select (extract(epoch from clock_timestamp()) * 1000)::bigint $$;

create table users (
  user_no       integer generated always as identity primary key,
  id            text collate "C" not null unique,
  display_name  text not null,
  search_name   text collate "C" not null,  -- display_name in small letters by the server's rule: locales differ
  password_hash text,                       -- null: signs in elsewhere
  created_at    bigint not null default now_ms(),
  last_seen_at  bigint
);
create index users_search_name on users (search_name);

-- One row a sign-in: a family of refresh tokens, and what an access token's sid names.
create table sign_ins (
  sid        text collate "C" primary key,
  user_no    integer not null references users,
  created_at bigint not null default now_ms(),
  expires_at bigint not null,               -- moves on with every refresh
  ended_at   bigint,                        -- signed out, or a refresh token came back long after its use
  ended_in   xid8                           -- the transaction that ended it: servers poll for those they have not seen
);
create index sign_ins_user on sign_ins (user_no);
create index sign_ins_expires on sign_ins (expires_at);
create index sign_ins_ended on sign_ins (ended_in) where ended_in is not null;

-- Used tokens stay: a second use within 10 s is answered, a later one ends the family.
create table refresh_tokens (
  hash    bytea primary key,                -- SHA-256: whoever reads the table has no token
  sid     text collate "C" not null references sign_ins on delete cascade,
  used_at bigint
);
create index refresh_tokens_sid on refresh_tokens (sid);

-- A start of a server is an epoch. Here and not in Redis, which may be emptied.
create sequence server_epochs as bigint;

create table conversations (
  conversation_no integer generated always as identity primary key,
  id              text collate "C" not null unique,
  last_seq        bigint not null default 0
) with (fillfactor = 70);                   -- room for updates of last_seq in the same page

create table members (
  user_no         integer not null references users,
  conversation_no integer not null references conversations,
  joined_seq      bigint not null default 0, -- may read entries after this one
  left_seq        bigint,                    -- and up to this one, once left
  delivered_seq   bigint not null default 0, -- the furthest of all of the user's devices
  read_seq        bigint not null default 0,
  primary key (user_no, conversation_no)
) with (fillfactor = 70);
create index members_conversation on members (conversation_no);

-- Apart from conversations: cursor writes never wait for the row that appending locks.
create table cursor_versions (
  conversation_no integer primary key references conversations,
  version         bigint not null default 0
) with (fillfactor = 50);

create table entries (
  conversation_no integer not null,
  seq             bigint not null,
  sender_no       integer not null,
  type            smallint not null,
  sent_at         bigint not null,
  key             text collate "C" not null, -- idempotency: 'c' and the client's id, or 's' and one made by the server
  message         text,
  details         jsonb,
  primary key (conversation_no, seq),
  unique (conversation_no, sender_no, key)
);

create table devices (
  device_no integer generated always as identity primary key,
  user_no   integer not null references users,
  name      text collate "C" not null,
  seen_at   bigint not null default now_ms(),
  unique (user_no, name)
);

create table device_cursors (
  device_no       integer not null references devices on delete cascade,
  conversation_no integer not null references conversations,
  delivered_seq   bigint not null,
  cursor_version  bigint not null default 0,  -- of the conversation's cursors, as last delivered to this device
  primary key (device_no, conversation_no)
) with (fillfactor = 70);
`;
