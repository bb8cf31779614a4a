/**
 * Rooms: what a room is, who is and was in it, who may not be, and who may come by a link. `leave_version` moves with
 * every change that takes the right to write away, so that appending need not look at members while it stands still.
 */
export const rooms = `
alter table conversations
  add column leave_version integer not null default 0,
  add column last_chat_seq bigint not null default 0;  -- of the newest CHAT entry: lists of conversations look no further
update conversations c set last_chat_seq = (
  select coalesce(max(e.seq), 0) from entries e where e.conversation_no = c.conversation_no and e.type = 1
) where last_seq > 0;

create table rooms (
  conversation_no   integer primary key references conversations,
  room_id           text collate "C" not null unique,
  name              text not null,
  search_name       text collate "C" not null,    -- name in small letters by the server's rule: locales differ
  topic             text not null default '',
  picture           text,
  visibility        smallint not null,             -- 1 public, 2 private
  history           smallint not null,             -- 1 all, 2 from joining on
  members           integer not null default 0,    -- kept by joins and leaves: nobody ever counts rows
  created_by        integer not null references users,
  created_at        bigint not null default now_ms(),
  archived_at       bigint,
  retention_days    integer,                       -- null: the server's own
  retention_entries integer
) with (fillfactor = 70);

-- One row for a user and a conversation: the present membership, or else the last. Columns of rooms only:
alter table members
  add column role      smallint not null default 0,  -- 0 member, 1 moderator, 2 owner
  add column joined_at bigint,
  add column left_at   bigint;

-- Memberships before the last one.
create table past_memberships (
  user_no         integer not null references users,
  conversation_no integer not null references conversations,
  joined_seq      bigint not null,
  left_seq        bigint not null,
  left_at         bigint not null,
  primary key (user_no, conversation_no, joined_seq)
);

create table room_bans (
  conversation_no integer not null references conversations,
  user_no         integer not null references users,
  by_user_no      integer not null references users,
  at              bigint not null default now_ms(),
  reason          text,
  primary key (conversation_no, user_no)
);

create table room_invites (
  token_hash      bytea primary key,               -- SHA-256: whoever reads the table has no token
  conversation_no integer not null references conversations,
  created_by      integer not null references users,
  created_at      bigint not null default now_ms(),
  expires_at      bigint,
  uses_left       integer,                         -- null: any number
  label           text
);
create index room_invites_conversation on room_invites (conversation_no);
`;
