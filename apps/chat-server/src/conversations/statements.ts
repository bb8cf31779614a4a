import { createHash } from 'node:crypto';

// The statements of the message store, beside append. Each reads what it needs in one statement, and thus in one
// snapshot.

/**
 * Planner settings of the connection that appends: the statement's arrays are small and its look-ups by key, which the
 * planner cannot know from parameters, least of all before a fresh table has statistics. One plan for all calls also
 * saves planning each.
 */
export const APPEND_OPTIONS =
  '-c plan_cache_mode=force_generic_plan -c enable_hashjoin=off -c enable_mergejoin=off -c enable_seqscan=off';

export const FIND_CONVERSATION = 'select conversation_no from conversations where id = $1';
/** Somebody to write to, for `$2`: neither account is deleted. */
export const FIND_PEER = `
select user_no from users
where id = $1 and deleted_at is null and exists (select from users where user_no = $2 and deleted_at is null)`;

export const FIND_REPEAT = `
select seq, sent_at, type, message, details from entries where conversation_no = $1 and sender_no = $2 and key = $3`;

/** No row: there is one, or an account was deleted in this moment. */
export const MAKE_DIRECT = `
with people as materialized (
  select user_no from users where user_no = any($2::integer[]) and deleted_at is null order by user_no for key share
), made as (
  insert into conversations (id) select $1 where (select count(*) from people) = cardinality($2::integer[])
  on conflict (id) do nothing returning conversation_no
), joined as (
  insert into members (user_no, conversation_no) select user_no, conversation_no from made, unnest($2::integer[]) as user_no
)
select conversation_no from made`;

/**
 * A range's entries by its primary key. A page ends early
 * behind $5 bytes of text.
 */
export const READ_RANGES = `
select r.place::integer as place, e.seq, e.sent_at, e.type, u.id as "from", e.key, e.message, e.details
from unnest($1::integer[], $2::bigint[], $3::bigint[]) with ordinality as r(conversation_no, after, up_to, place)
cross join lateral (
  select * from (
    select p.*, coalesce(sum(octet_length(p.message)) over (order by p.seq rows between unbounded preceding and 1 preceding), 0) as bytes_before
    from (
      select * from entries where conversation_no = r.conversation_no and seq > r.after and seq <= r.up_to
      order by seq limit $4
    ) p
  ) sized
  where sized.bytes_before < $5
) e
join users u on u.user_no = e.sender_no
order by r.place, e.seq`;

/**
 * One row for each membership: the present ones, and those that ended within 90 days. What a device had of an earlier
 * one of the same conversation counts in all of them, as its cursor only moves forward. Each begins with what is left of
 * the log.
 */
export const POSITIONS = `
with gone as (select now_ms() - 90 * 86400000::bigint as before)
select m.conversation_no, c.id, c.last_seq, kept.joined_seq, m.left_seq,
       greatest(kept.joined_seq, coalesce(d.delivered_seq, 0)) as delivered_seq,
       coalesce(v.version, 0) as told_version, coalesce(v.version, 0) + m.silent_moves as cursor_version, coalesce(d.cursor_version, 0) as known_cursor_version
from (
  select conversation_no, joined_seq, left_seq, silent_moves from members
  where user_no = $1 and (left_seq is null or left_at > (select before from gone))
  union all
  select conversation_no, joined_seq, left_seq, 0 from past_memberships
  where user_no = $1 and left_at > (select before from gone)
) m
join conversations c on c.conversation_no = m.conversation_no
cross join lateral (
  select least(greatest(m.joined_seq, c.kept_from - 1), coalesce(m.left_seq, c.last_seq)) as joined_seq
) kept
left join device_cursors d on d.device_no = $2 and d.conversation_no = m.conversation_no
left join cursor_versions v on v.conversation_no = m.conversation_no
order by m.conversation_no, m.joined_seq`;

export const LAST_SEQS = `
with gone as (select now_ms() - 86400000::bigint as before)
select c.conversation_no, c.id, c.last_seq, m.left_seq
from (
  select conversation_no, case when bool_or(left_seq is null) then null else max(left_seq) end as left_seq
  from members
  where user_no = any($1::integer[]) and (left_seq is null or left_at > (select before from gone))
  group by conversation_no
) m
join conversations c on c.conversation_no = m.conversation_no`;

/**
 * Rooms, and direct conversations in which something was written, by the time of the last CHAT entry that the user may
 * read; rooms without one by when the user joined.
 */
export const SUMMARIES = `
select s.*, coalesce(v.version, 0) as cursor_version, peer.display_name as peer_name, coalesce(peer.deleted, false) as peer_deleted, sender.id as "from",
  unread_chats(s.conversation_no, $1, s.read_seq, s.last_seq)::integer as unread
from (
  select m.conversation_no, c.id as conversation_id, c.last_seq, m.read_seq, e.seq, e.sent_at, e.type, e.sender_no,
         e.key, e.message, e.details, coalesce(e.sent_at, m.joined_at) as listed_at,
         r.name as room_name, r.members, r.archived_at is not null as archived, m.joined_at, mu.until as muted_until
  from members m
  join conversations c on c.conversation_no = m.conversation_no
  left join rooms r on r.conversation_no = m.conversation_no
  left join room_mutes mu on mu.conversation_no = m.conversation_no and mu.user_no = m.user_no and mu.until > now_ms()
  left join entries e on e.conversation_no = m.conversation_no and e.seq = c.last_chat_seq
    and (r.history is distinct from 2 or e.seq > m.joined_seq)
  where m.user_no = $1 and m.left_seq is null and (r.conversation_no is not null or e.seq is not null)
    and ($2::bigint is null or (coalesce(e.sent_at, m.joined_at), m.conversation_no) < ($2, $3::integer))
  order by listed_at desc, m.conversation_no desc limit $4
) s
left join users sender on sender.user_no = s.sender_no
left join cursor_versions v on v.conversation_no = s.conversation_no
left join lateral (
  select u.display_name, u.deleted_at is not null as deleted from members o join users u on u.user_no = o.user_no
  where o.conversation_no = s.conversation_no and o.user_no <> $1 and s.room_name is null limit 1
) peer on true
order by s.listed_at desc, s.conversation_no desc`;

export const TOUCH_LAST_SEEN = `
with at as (select now_ms() as at), touched as (
  update users set last_seen_at = at.at from at where id = any($1::text[]) and deleted_at is null
)
select at from at`;

export const LAST_SEEN = 'select id, last_seen_at from users where id = any($1::text[]) and last_seen_at is not null';

/** A short, stable name for a prepared statement. */
export function nameOf(statement: string): string {
  let name = names.get(statement);
  if (name === undefined) {
    name = `s${createHash('sha256').update(statement).digest('hex').slice(0, 16)}`;
    names.set(statement, name);
  }
  return name;
}

// Derived from the constants above alone, so one for the process is right.
const names = new Map<string, string>();
