import { ENTRY_TYPE_NUMBER } from './log-entry.ts';

// The statements about rooms and who is in them. Each reads what it needs in one statement, and thus in one snapshot.

/**
 * What a user may do in a conversation. No row: there is none, or the user may not know of it. Who is no member reads a
 * public room like a member who joins now.
 */
const ACCESS = `
select c.conversation_no, c.id, c.last_seq, c.leave_version, coalesce(m.member, false) as member, m.role,
       coalesce(r.visibility = 1, false) as public, r.archived_at is not null as archived,
       greatest(case when r.history = 1 then 0 else coalesce(m.joined_seq, c.last_seq) end, c.kept_from - 1)::bigint as read_from
from conversations c
left join rooms r on r.conversation_no = c.conversation_no
left join lateral (
  select true as member, role, joined_seq from members
  where user_no = $2 and conversation_no = c.conversation_no and left_seq is null
) m on true
where c.id = $1 and (m.member or r.visibility = 1)`;

export const CONVERSATION_ACCESS = ACCESS;
export const ROOM_ACCESS = `${ACCESS} and r.conversation_no is not null`;

/** A room for somebody who wants to write. `known`: is a member, or was one. */
export const OPEN_ROOM = `
select c.conversation_no, c.leave_version, r.visibility = 1 as public, r.archived_at is not null as archived,
       m.user_no is not null as known, m.user_no is not null and m.left_seq is null as member
from rooms r
join conversations c on c.conversation_no = r.conversation_no
left join members m on m.user_no = $2 and m.conversation_no = r.conversation_no
where r.room_id = $1`;

/** Memberships of these users, the present ones and those that ended within a day, with the end of the log beside each. */
export const ROOM_SNAPSHOT = `
with gone as (select now_ms() - 86400000::bigint as before)
select c.last_seq, p.user_no, p.joined_seq, p.left_seq
from conversations c
left join (
  select user_no, joined_seq, left_seq from members
  where conversation_no = $1 and user_no = any($2::integer[]) and (left_seq is null or left_at > (select before from gone))
  union all
  select user_no, joined_seq, left_seq from past_memberships
  where conversation_no = $1 and user_no = any($2::integer[]) and left_at > (select before from gone)
) p on true
where c.conversation_no = $1
order by p.user_no, p.joined_seq`;

/** First in every transaction that changes a room: what follows sees all that was committed before it had the lock. */
export const LOCK_ROOM = `
select c.conversation_no from conversations c where c.id = $1 for no key update`;

/** Keeps the account from being deleted before the transaction ends; no row if it is. */
export const HOLD_USER = 'select 1 from users where user_no = $1 and deleted_at is null for key share';

/** Everything that decides about a change by $3 of what $2 is in the room, and the entry that $2 has under the key $4. */
export const STANDING = `
select r.visibility = 1 as public, r.archived_at is not null as archived, r.members, mine.role as by_role,
       case when m.left_seq is null then m.role end as role, m.user_no is not null as known,
       m.joined_seq, m.joined_at, m.left_seq, m.left_at,
       exists (select from room_bans b where b.conversation_no = $1 and b.user_no = $2) as banned,
       e.seq, e.type, e.sent_at, e.message, e.details
from rooms r
left join members m on m.user_no = $2 and m.conversation_no = r.conversation_no
left join members mine on mine.user_no = $3 and mine.conversation_no = r.conversation_no and mine.left_seq is null
left join entries e on e.conversation_no = r.conversation_no and e.sender_no = $2 and e.key = $4
where r.conversation_no = $1`;

export const ENTRY_AT = 'select seq, type, sent_at, key, message, details from entries where conversation_no = $1 and seq = $2';

/** One use of an invite; no row if there is none left. */
export const USE_INVITE = `
update room_invites set uses_left = uses_left - 1
where token_hash = $1 and conversation_no = $2 and (expires_at is null or expires_at > now_ms())
  and (uses_left is null or uses_left > 0)
returning 1`;

/** The next entry of the log, which is by the lock nobody else's. */
const nextEntry = (type: number): string => `
  select c.last_seq as seq, now_ms() as at from moved c
), stored as (
  insert into entries (conversation_no, seq, sender_no, type, sent_at, key, details)
  select $1, seq, $2, ${type}, at, $3, $4::jsonb from entry
)`;

/** Cursors of a new member begin before the JOIN. An earlier membership is kept apart. */
export const JOIN = `
with moved as (
  update conversations set last_seq = last_seq + 1 where conversation_no = $1 returning last_seq
), entry as (${nextEntry(ENTRY_TYPE_NUMBER.JOIN)}, past as (
  insert into past_memberships (user_no, conversation_no, joined_seq, left_seq, left_at)
  select user_no, conversation_no, joined_seq, left_seq, left_at from members
  where user_no = $2 and conversation_no = $1 and left_seq is not null
), joined as (
  insert into members as m (user_no, conversation_no, joined_seq, delivered_seq, read_seq, joined_at)
  select $2, $1, seq - 1, seq - 1, seq - 1, at from entry
  on conflict (user_no, conversation_no) do update set
    joined_seq = excluded.joined_seq, delivered_seq = excluded.delivered_seq, read_seq = excluded.read_seq,
    joined_at = excluded.joined_at, left_seq = null, left_at = null, role = 0
), counted as (
  update rooms set members = members + 1 where conversation_no = $1
)
select seq, at from entry`;

/** The leave version tells all servers to look again who may write. */
export const LEAVE = `
with moved as (
  update conversations set last_seq = last_seq + 1, leave_version = leave_version + 1
  where conversation_no = $1 returning last_seq
), entry as (${nextEntry(ENTRY_TYPE_NUMBER.LEAVE)}, gone as (
  update members m set left_seq = entry.seq, left_at = entry.at from entry
  where m.user_no = $2 and m.conversation_no = $1
), counted as (
  -- Nobody is left who could look after it: nobody comes in any more.
  update rooms set members = members - 1, archived_at = case when members = 1 then coalesce(archived_at, now_ms()) else archived_at end
  where conversation_no = $1
)
select seq, at from entry`;

export const BAN = `
insert into room_bans (conversation_no, user_no, by_user_no, reason) values ($1, $2, $3, $4)
on conflict (conversation_no, user_no) do nothing`;

export const SET_ROLE = 'update members set role = $3 where conversation_no = $1 and user_no = $2';

export const ARCHIVE = `
with changed as (
  update rooms set archived_at = case when $2 then now_ms() end
  where conversation_no = $1 and (archived_at is not null) <> $2
  returning conversation_no
)
update conversations c set leave_version = leave_version + 1 from changed where c.conversation_no = changed.conversation_no`;

/** The room, its log with the owner's JOIN as the first entry, and the owner. No row: there is one of that id. */
export const CREATE_ROOM = `
with conversation as (
  insert into conversations (id, last_seq) values ('room:' || $1::text, 1) on conflict (id) do nothing
  returning conversation_no, now_ms() as at
), room as (
  insert into rooms (conversation_no, room_id, name, search_name, topic, picture, visibility, history, members, created_by, created_at)
  select conversation_no, $1::text, $2, $9, $3, $4, $5::smallint, $6::smallint, 1, $7::integer, at from conversation
), entry as (
  insert into entries (conversation_no, seq, sender_no, type, sent_at, key)
  select conversation_no, 1, $7::integer, 2, at, $8 from conversation
), owner as (
  insert into members (user_no, conversation_no, role, joined_at) select $7::integer, conversation_no, 2, at from conversation
)
select conversation_no, at from conversation`;

export const FIND_CREATED_ROOM = `
select e.conversation_no, e.sent_at as at
from conversations c join entries e on e.conversation_no = c.conversation_no
where c.id = 'room:' || $1::text and e.seq = 1 and e.sender_no = $2 and e.key = $3`;
