import type { QueryResultRow } from 'pg';

// The statements of the room store. Visibility and history are stored as numbers: 1 public, 2 private; 1 all, 2 joined.

/** A room and what user `$1` is in it. */
const ROOM = `
select c.conversation_no, c.last_seq, r.room_id, r.name, r.search_name, r.topic, r.picture, r.visibility,
       r.history, r.members, r.created_at, r.archived_at, r.retention_days, r.retention_entries,
       m.role, m.joined_at, m.joined_seq, mu.until as muted_until, now_ms() as now, b.user_no is not null as banned
from rooms r
join conversations c on c.conversation_no = r.conversation_no
left join members m on m.conversation_no = r.conversation_no and m.user_no = $1 and m.left_seq is null
left join room_bans b on b.conversation_no = r.conversation_no and b.user_no = $1
left join room_mutes mu on mu.conversation_no = r.conversation_no and mu.user_no = $1`;

export type RoomRow = QueryResultRow & {
  conversation_no: number;
  last_seq: number;
  room_id: string;
  name: string;
  search_name: string;
  topic: string;
  picture: string | null;
  visibility: number;
  history: number;
  members: number;
  created_at: number;
  archived_at: number | null;
  retention_days: number | null;
  retention_entries: number | null;
  role: number | null;
  joined_at: number | null;
  joined_seq: number | null;
  muted_until: number | null;
  now: number;
  banned: boolean;
};

export const VIEW = `${ROOM} where r.room_id = $2`;

const FROM_PLACE = `($2::text is null or strpos(r.search_name, $2) > 0)
  and ($3::text is null or (r.search_name, r.conversation_no) > ($3, $4::integer))
order by r.search_name, r.conversation_no limit $5`;
export const LIST_PUBLIC = `${ROOM} where r.visibility = 1 and r.archived_at is null and ${FROM_PLACE}`;
export const LIST_OWN = `${ROOM} where m.user_no is not null and ${FROM_PLACE}`;

export type MemberRow = QueryResultRow & {
  user_no: number;
  id: string;
  display_name: string;
  role: number;
  joined_at: number;
};

const MEMBERS = `
select m.user_no, u.id, u.display_name, m.role, m.joined_at
from members m join users u on u.user_no = m.user_no
where m.conversation_no = $1 and m.left_seq is null`;
const MEMBERS_FROM_PLACE = `($2::smallint is null or (m.role, m.user_no) < ($2, $3::integer))
order by m.role desc, m.user_no desc limit $4`;
export const MEMBERS_PAGE = `${MEMBERS} and ${MEMBERS_FROM_PLACE}`;
/** `$5` is the text, `$6` what sorts after everything that begins with it. */
export const MEMBERS_FOUND = `${MEMBERS} and (u.id between $5 and $6 or u.search_name between $5 and $6) and ${MEMBERS_FROM_PLACE}`;
export const MEMBER = `${MEMBERS} and u.id = $2`;

export type BanRow = QueryResultRow & {
  user_no: number;
  id: string;
  display_name: string;
  by_id: string;
  at: number;
  reason: string | null;
};

const BANS = `
select b.user_no, u.id, u.display_name, o.id as by_id, b.at, b.reason
from room_bans b join users u on u.user_no = b.user_no join users o on o.user_no = b.by_user_no
where b.conversation_no = $1`;
export const BAN = `${BANS} and b.user_no = $2`;
export const BANS_PAGE = `${BANS} and ($2::bigint is null or (b.at, b.user_no) < ($2, $3::integer))
order by b.at desc, b.user_no desc limit $4`;

export type InviteRow = QueryResultRow & {
  token_hash: Buffer;
  created_by: string;
  created_at: number;
  expires_at: number;
  uses_left: number | null;
  label: string | null;
};

const USABLE = '(i.expires_at is null or i.expires_at > now_ms()) and (i.uses_left is null or i.uses_left > 0)';

export const INVITES = `
select i.token_hash, u.id as created_by, i.created_at, i.expires_at, i.uses_left, i.label
from room_invites i join users u on u.user_no = i.created_by
where i.conversation_no = $1 and ${USABLE} and ($2::integer is null or i.created_by = $2)
order by i.created_at desc, i.token_hash`;

export type FoundInviteRow = QueryResultRow & {
  room_id: string;
  id: string;
  display_name: string;
  expires_at: number;
  usable: boolean;
};

export const FIND_INVITE = `
select r.room_id, u.id, u.display_name, i.expires_at, ${USABLE} as usable
from room_invites i join rooms r on r.conversation_no = i.conversation_no join users u on u.user_no = i.created_by
where i.token_hash = $1`;

/** Unless there are `$7` already. Two at the same moment may make one more: the bound is against heaps, not exact. */
export const ADD_INVITE = `
with made as (
  insert into room_invites (token_hash, conversation_no, created_by, expires_at, uses_left, label)
  select $1, $2, $3, now_ms() + $4::bigint, $5::integer, $6
  where (select count(*) from room_invites i where i.conversation_no = $2 and ${USABLE}) < $7
  returning *
)
select i.token_hash, u.id as created_by, i.created_at, i.expires_at, i.uses_left, i.label
from made i join users u on u.user_no = i.created_by`;
/** Those that nobody can use any more go when the next is made: a room has few. */
export const REMOVE_USELESS_INVITES = `delete from room_invites i where i.conversation_no = $1 and not (${USABLE})`;
export const REMOVE_INVITE = `
delete from room_invites where conversation_no = $1 and token_hash = $2 and ($3::integer is null or created_by = $3)
returning created_by`;

export const MUTE = `
insert into room_mutes (user_no, conversation_no, until) values ($1, $2, $3)
on conflict (user_no, conversation_no) do update set until = excluded.until`;
export const UNMUTE = 'delete from room_mutes where user_no = $1 and conversation_no = $2';

export const UPDATE = `
update rooms set
  name = coalesce($2, name), search_name = coalesce($3, search_name), topic = coalesce($4, topic),
  picture = case when $5 then $6 else picture end,
  retention_days = case when $7 then $8::integer else retention_days end,
  retention_entries = case when $9 then $10::integer else retention_entries end
where conversation_no = $1`;

export const UNBAN = 'delete from room_bans where conversation_no = $1 and user_no = $2 returning user_no';
export const FIND_USER = 'select user_no, id from users where id = $1 and deleted_at is null';
