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
export const FIND_USER = 'select user_no from users where id = $1';

export const FIND_REPEAT = `
select seq, sent_at, type, message, details from entries where conversation_no = $1 and sender_no = $2 and key = $3`;

export const FIND_FOR_MEMBER = `
select c.conversation_no from conversations c join members m using (conversation_no)
where c.id = $1 and m.user_no = $2 and m.left_seq is null`;

export const MAKE_DIRECT = `
with made as (
  insert into conversations (id) values ($1) on conflict (id) do nothing returning conversation_no
), joined as (
  insert into members (user_no, conversation_no) select user_no, conversation_no from made, unnest($2::integer[]) as user_no
)
select conversation_no from made`;

/** A range's entries by its primary key; the offset 0 keeps the planner from pulling the limit apart. */
export const READ_RANGES = `
select r.place::integer as place, e.seq, e.sent_at, e.type, u.id as "from", e.key, e.message, e.details
from unnest($1::integer[], $2::bigint[], $3::bigint[]) with ordinality as r(conversation_no, after, up_to, place)
cross join lateral (
  select * from entries where conversation_no = r.conversation_no and seq > r.after and seq <= r.up_to
  order by seq limit $4
) e
join users u on u.user_no = e.sender_no
order by r.place, e.seq`;

// Edits, deletions and reactions show in what they changed, and are not listed.
const HISTORY = `
select e.seq, e.sent_at, e.type, u.id as "from", e.key, e.message, e.details
from entries e join users u on u.user_no = e.sender_no
where e.conversation_no = $1 and e.type in (1, 2, 3)`;
export const HISTORY_BEFORE = `${HISTORY} and e.seq < $2 order by e.seq desc limit $3`;
export const HISTORY_AFTER = `${HISTORY} and e.seq > $2 order by e.seq limit $3`;

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

export const POSITIONS = `
select m.conversation_no, c.id, c.last_seq, m.joined_seq,
       greatest(m.joined_seq, coalesce(d.delivered_seq, 0)) as delivered_seq,
       coalesce(v.version, 0) as cursor_version, coalesce(d.cursor_version, 0) as known_cursor_version
from members m
join conversations c on c.conversation_no = m.conversation_no
left join device_cursors d on d.device_no = $2 and d.conversation_no = m.conversation_no
left join cursor_versions v on v.conversation_no = m.conversation_no
where m.user_no = $1 and m.left_seq is null
order by m.conversation_no`;

export const LAST_SEQS = `
select distinct c.conversation_no, c.id, c.last_seq
from members m join conversations c on c.conversation_no = m.conversation_no
where m.user_no = any($1::integer[]) and m.left_seq is null`;

const MOVES = `moves as (
  select * from unnest($1::integer[], $2::integer[], $3::bigint[], $4::integer[], $5::bigint[])
    as m(user_no, conversation_no, seq, device_no, cursor_version)
), bounded as (
  select m.user_no, m.conversation_no, m.device_no, m.cursor_version, least(m.seq, c.last_seq) as seq
  from moves m join conversations c on c.conversation_no = m.conversation_no
), furthest as (
  select user_no, conversation_no, max(seq) as seq from bounded group by 1, 2 order by 2, 1
)`;

const VERSIONED = `versioned as (
  insert into cursor_versions as v (conversation_no, version)
  select conversation_no, 1 from (select distinct conversation_no from moved) d order by 1
  on conflict (conversation_no) do update set version = v.version + 1
  returning conversation_no, version
)
select moved.user_no, moved.conversation_no, moved.seq, versioned.version from moved join versioned using (conversation_no)`;

export const MOVE_DELIVERED = `
with ${MOVES}, devices_moved as (
  insert into device_cursors as d (device_no, conversation_no, delivered_seq, cursor_version)
  select device_no, conversation_no, max(seq), max(cursor_version) from bounded where device_no <> 0 group by 1, 2 order by 2, 1
  on conflict (device_no, conversation_no) do update
    set delivered_seq = greatest(d.delivered_seq, excluded.delivered_seq),
        cursor_version = greatest(d.cursor_version, excluded.cursor_version)
), moved as (
  update members m set delivered_seq = f.seq from furthest f
  where m.user_no = f.user_no and m.conversation_no = f.conversation_no and m.delivered_seq < f.seq
  returning m.user_no, m.conversation_no, m.delivered_seq as seq
), ${VERSIONED}`;

export const MOVE_READ = `
with ${MOVES}, moved as (
  update members m set read_seq = f.seq, delivered_seq = greatest(m.delivered_seq, f.seq) from furthest f
  where m.user_no = f.user_no and m.conversation_no = f.conversation_no and m.read_seq < f.seq
  returning m.user_no, m.conversation_no, m.read_seq as seq
), ${VERSIONED}`;

export const PEER_CURSORS = `
select m.conversation_no, c.id as conversation_id, u.id as user_id, m.delivered_seq, m.read_seq, coalesce(v.version, 0) as version
from members m
join users u on u.user_no = m.user_no
join conversations c on c.conversation_no = m.conversation_no
left join cursor_versions v on v.conversation_no = m.conversation_no
where m.conversation_no = any($2::integer[]) and m.user_no <> $1 and m.left_seq is null`;

/** Conversations with at least one CHAT entry, by the time of the last. */
export const SUMMARIES = `
select s.*, coalesce(v.version, 0) as cursor_version, peer.display_name as peer_name,
  (select count(*)::integer from entries e
    where e.conversation_no = s.conversation_no and e.seq > s.read_seq and e.type = 1 and e.sender_no <> $1) as unread
from (
  select m.conversation_no, c.id as conversation_id, c.last_seq, m.read_seq, e.seq, e.sent_at, e.type, u.id as "from",
         e.key, e.message, e.details
  from members m
  join conversations c on c.conversation_no = m.conversation_no
  cross join lateral (
    select * from entries where conversation_no = m.conversation_no and type = 1 order by seq desc limit 1
  ) e
  join users u on u.user_no = e.sender_no
  where m.user_no = $1 and m.left_seq is null and ($2::bigint is null or (e.sent_at, m.conversation_no) < ($2, $3::integer))
  order by e.sent_at desc, m.conversation_no desc limit $4
) s
left join cursor_versions v on v.conversation_no = s.conversation_no
left join lateral (
  select u.display_name from members o join users u on u.user_no = o.user_no
  where o.conversation_no = s.conversation_no and o.user_no <> $1 and s.conversation_id like 'direct:%' limit 1
) peer on true
order by s.sent_at desc, s.conversation_no desc`;

export const CONTACTS = `
select distinct u.user_no, u.id
from members mine
join members theirs on theirs.conversation_no = mine.conversation_no and theirs.left_seq is null
join users u on u.user_no = theirs.user_no
where mine.user_no = $1 and mine.left_seq is null and theirs.user_no <> $1`;

export const TOUCH_LAST_SEEN = `
with at as (select now_ms() as at), touched as (
  update users set last_seen_at = at.at from at where id = any($1::text[])
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
