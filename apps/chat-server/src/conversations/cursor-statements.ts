// The statements of the cursor store. Whoever moves cursors locks in one order, against deadlocks: members, then what is
// counted of them, then versions; each by conversation.

export const SEE_DEVICE = 'update devices set seen_at = now_ms() where user_no = $1 and name = $2 returning device_no';

/** A new device starts where the furthest of the user's devices is. */
export const MAKE_DEVICE = `
with made as (
  insert into devices (user_no, name) values ($1, $2) on conflict (user_no, name) do nothing returning device_no
), started as (
  insert into device_cursors (device_no, conversation_no, delivered_seq)
  select made.device_no, m.conversation_no, m.delivered_seq from made, members m where m.user_no = $1
)
select device_no from made`;

export const DROP_OLDEST_DEVICES = `
delete from devices where device_no in (
  select device_no from devices where user_no = $1 order by seen_at desc, device_no desc offset $2
)`;

/** Devices not seen since then, some at a time. */
export const DROP_UNSEEN_DEVICES = `
delete from devices where device_no in (select device_no from devices where seen_at < now_ms() - $1::bigint limit $2)`;

/** Positions that nobody stands at any more, some at a time. */
export const DROP_EMPTY_POSITIONS = `
delete from read_positions p
using (select conversation_no, read_seq from read_positions where members = 0 limit $1) e
where p.conversation_no = e.conversation_no and p.read_seq = e.read_seq and p.members = 0`;

/** $7: members up to which each is told. `large`: more than that. */
const MOVES = `moves as (
  select * from unnest($1::integer[], $2::integer[], $3::bigint[], $4::integer[], $5::bigint[], $6::boolean[])
    as m(user_no, conversation_no, seq, device_no, cursor_version, announce)
), bounded as (
  select m.user_no, m.conversation_no, m.device_no, m.cursor_version, m.announce, least(m.seq, c.last_seq) as seq,
         r.conversation_no is not null as room, coalesce(r.members > $7, false) as large
  from moves m
  join conversations c on c.conversation_no = m.conversation_no
  left join rooms r on r.conversation_no = m.conversation_no
), furthest as (
  select user_no, conversation_no, room, large, max(seq) as seq, bool_or(announce) as announce
  from bounded group by 1, 2, 3, 4
)`;

/**
 * Each move that others are told of is a version of its own: who has had all versions up to one has missed nothing. What
 * nobody is told has none.
 */
const VERSIONED = `versioned as (
  insert into cursor_versions as v (conversation_no, version)
  select conversation_no, count(*) from moved where told group by 1 order by 1
  on conflict (conversation_no) do update set version = v.version + excluded.version
  returning conversation_no, version
)
select m.user_no, m.conversation_no, m.seq, m.told, m.large,
  coalesce(v.version + 1 - row_number() over (partition by m.conversation_no, m.told order by m.user_no), 0)::bigint as version
from moved m left join versioned v on v.conversation_no = m.conversation_no and m.told`;

/** A device may have been dropped in a session that still lives. */
export const MOVE_DELIVERED = `
with ${MOVES}, living as materialized (
  select device_no from devices where device_no in (select device_no from bounded) order by 1 for key share
), devices_moved as (
  insert into device_cursors as d (device_no, conversation_no, delivered_seq, cursor_version)
  select device_no, conversation_no, max(seq), max(cursor_version) from bounded join living using (device_no)
  group by 1, 2 order by 2, 1
  on conflict (device_no, conversation_no) do update
    set delivered_seq = greatest(d.delivered_seq, excluded.delivered_seq),
        cursor_version = greatest(d.cursor_version, excluded.cursor_version)
), moved as (
  update members m set delivered_seq = f.seq from furthest f
  where m.user_no = f.user_no and m.conversation_no = f.conversation_no and m.delivered_seq < f.seq
  returning m.user_no, m.conversation_no, m.delivered_seq as seq, f.large, f.announce and not f.large as told
), ${VERSIONED}`;

/**
 * Everything between the cursor and what came first of all comes again each time, so it has one count; what is newer
 * gets its own when that is through.
 */
export const NOTE_UNPROVEN = `
with living as materialized (
  select device_no from devices where device_no = any($1::integer[]) order by 1 for key share
), noted as (
  insert into device_cursors as d (device_no, conversation_no, delivered_seq, unproven_seq, deliveries)
  select u.device_no, u.conversation_no, 0, u.seq, 1
  from unnest($1::integer[], $2::integer[], $3::bigint[]) as u(device_no, conversation_no, seq) join living using (device_no)
  order by 2, 1
  on conflict (device_no, conversation_no) do update
    set deliveries = case when d.delivered_seq < d.unproven_seq then least(d.deliveries + 1, $4::integer) else 1 end,
        unproven_seq = case when d.delivered_seq < d.unproven_seq then d.unproven_seq else excluded.unproven_seq end
    where d.delivered_seq < excluded.unproven_seq
  returning d.device_no, d.conversation_no, d.unproven_seq, d.deliveries
)
select device_no, conversation_no, unproven_seq from noted where deliveries >= $4::integer`;

/** The position that a cursor leaves is the one under its lock, which may be newer than what this statement sees. */
export const MOVE_READ = `
with ${MOVES}, locked as materialized (
  select m.user_no, m.conversation_no, m.read_seq as before, f.seq, f.room, f.large, u.read_receipts and not f.large as told
  from members m
  join furthest f on f.user_no = m.user_no and f.conversation_no = m.conversation_no
  join users u on u.user_no = m.user_no
  where m.left_seq is null and m.read_seq < f.seq
  order by m.conversation_no, m.user_no for no key update of m
), moved as (
  update members m set read_seq = l.seq, delivered_seq = greatest(m.delivered_seq, l.seq),
    silent_moves = m.silent_moves + case when l.told then 0 else 1 end
  from locked l where m.user_no = l.user_no and m.conversation_no = l.conversation_no
  returning l.*
), positions as (
  insert into read_positions as p (conversation_no, read_seq, members)
  select conversation_no, at, sum(change)
  from (
    select conversation_no, before as at, -1 as change from moved where room
    union all select conversation_no, seq, 1 from moved where room
  ) c group by 1, 2 having sum(change) <> 0 order by 1, 2
  on conflict (conversation_no, read_seq) do update set members = p.members + excluded.members
), ${VERSIONED}`;

/** Everybody's cursors, of members of conversations that are not large ($3); of large ones only those of $1. */
export const MEMBER_CURSORS = `
with asked as (
  select c.conversation_no, c.id, coalesce(r.members > $3, false) as large, coalesce(v.version, 0) as version
  from unnest($2::integer[]) as q(conversation_no)
  join conversations c on c.conversation_no = q.conversation_no
  left join rooms r on r.conversation_no = q.conversation_no
  left join cursor_versions v on v.conversation_no = q.conversation_no
), found as (
  select m.* from asked a join members m on m.conversation_no = a.conversation_no and m.left_seq is null where not a.large
  union all
  select m.* from asked a
  join members m on m.user_no = $1::integer and m.conversation_no = a.conversation_no and m.left_seq is null where a.large
)
select a.conversation_no, a.id as conversation_id, a.version, f.user_no, u.id as user_id, f.delivered_seq, f.read_seq,
       f.silent_moves, u.read_receipts
from found f join asked a on a.conversation_no = f.conversation_no join users u on u.user_no = f.user_no
order by a.conversation_no, f.user_no`;

/** What the conversations of these users have come to, where cursors have moved at all. */
export const CURSOR_VERSIONS = `
select v.conversation_no, c.id as conversation_id, v.version
from (select distinct conversation_no from members where user_no = any($1::integer[]) and left_seq is null) m
join cursor_versions v on v.conversation_no = m.conversation_no
join conversations c on c.conversation_no = m.conversation_no`;

// Who has an entry below their read cursor joined after it: joining moves the cursor to the JOIN.

const SENDERS = `asked as (
  select q.seq, q.place, e.sender_no
  from unnest($2::bigint[]) with ordinality as q(seq, place)
  left join entries e on e.conversation_no = $1 and e.seq = q.seq
)`;

export const NOT_READ_DIRECT = `
with ${SENDERS}
select (
  select count(*) from members m
  where m.conversation_no = $1 and m.left_seq is null and m.read_seq < a.seq and m.user_no is distinct from a.sender_no
)::integer as not_read
from asked a order by a.place`;

/** All members without those who stand at the entry or above, in one pass over the positions from the lowest entry on. */
export const NOT_READ_ROOM = `
with ${SENDERS}, marks as (
  select read_seq as at, members, null::bigint as place from read_positions
  where conversation_no = $1 and read_seq >= (select min(seq) from asked)
  union all select seq, 0, place from asked
), reached as (
  select place, sum(members) over (order by at desc, place nulls first rows unbounded preceding) as members from marks
)
select ((select members from read_positions where conversation_no = $1 and read_seq = -1) - r.members
  - case when m.read_seq < a.seq then 1 else 0 end)::integer as not_read
from asked a
join reached r on r.place = a.place
left join members m on m.conversation_no = $1 and m.user_no = a.sender_no and m.left_seq is null
order by a.place`;

/** The newest CHAT entries of a room. */
export const NEWEST_CHATS = `
select seq from entries where conversation_no = $1 and type = 1 order by seq desc limit $2`;

export const READERS = `
select u.id as user_id, u.display_name, m.read_seq >= $2 as read
from members m join users u on u.user_no = m.user_no
where m.conversation_no = $1 and m.left_seq is null and m.joined_seq < $2 and u.read_receipts
  and m.user_no is distinct from (select sender_no from entries where conversation_no = $1 and seq = $2)
order by u.id`;

export const MEMBERS = 'select coalesce((select members from rooms where conversation_no = $1), 2) as members';

export const COUNT_CHAT_BLOCK = 'select count_chat_blocks($1, $2::bigint, $2::bigint + 1)';
