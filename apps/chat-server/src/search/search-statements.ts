/** Present conversations of $1, perhaps just one of them, and after which seq the user may read in each. */
export const READABLE = `
select m.conversation_no, case when r.history = 2 then m.joined_seq else 0 end as read_from
from members m
join conversations c on c.conversation_no = m.conversation_no
left join rooms r on r.conversation_no = m.conversation_no
where m.user_no = $1 and m.left_seq is null and ($2::text is null or c.id = $2)`;

// Within what was asked for. The bounds of the time are such that an index can use them.
const WANTED_PLACE = `
    t.seq > mine.read_from
    and t.sent_at >= coalesce($6::bigint, 0) and t.sent_at < coalesce($7::bigint, 9007199254740991)
    and t.sent_at <= coalesce($8::bigint, 9007199254740991)
    and ($8::bigint is null or (t.sent_at, t.conversation_no, t.seq) < ($8, $9::integer, $10::bigint))`;
const WANTED_TEXT = `
    t.text like all($4::text[]) and ($5::text is null or t.sender_no = (select user_no from users where id = $5))`;

const NEWEST_FIRST = 'order by sent_at desc, conversation_no desc, seq desc limit $11';

/**
 * From the newest message of each conversation back, until $11 are found or $12 were looked at (null: all): soon, where
 * many match.
 */
export const FOUND_FROM_NEWEST = `
select t.* from unnest($1::integer[], $2::bigint[]) as mine(conversation_no, read_from)
cross join lateral (
  select t.conversation_no, t.seq, t.sent_at from (
    select * from search_texts t where t.conversation_no = mine.conversation_no and ${WANTED_PLACE}
    order by t.sent_at desc, t.seq desc limit $12::bigint
  ) t
  where $3::integer[] is not null and ${WANTED_TEXT}
  order by t.sent_at desc, t.seq desc limit $11
) t`;

/**
 * By the index of pairs, which names the conversation by this very expression: the newest messages of the conversations
 * that hold up to $12 of them. Of the others only the conversation is answered: reading all that match, to sort them,
 * would take the longer the commoner a word is. Conversations of up to $13 messages are left out.
 */
export const FOUND_BY_PAIRS = `
with found as materialized (
  select t.* from unnest($1::integer[], $2::bigint[]) as mine(conversation_no, read_from)
  cross join lateral (
    select t.conversation_no, t.seq, t.sent_at from search_texts t
    where t.conversation_no + 0 = mine.conversation_no and t.pairs @> $3::integer[] and ${WANTED_PLACE} and ${WANTED_TEXT}
    limit $12::bigint + 1
  ) t
  where (
    select true from search_texts t where t.conversation_no = mine.conversation_no and ${WANTED_PLACE}
    order by t.sent_at desc, t.seq desc offset $13::bigint limit 1
  )
), many as (
  select conversation_no from found group by conversation_no having count(*) > $12::bigint
)
select conversation_no, null::bigint as seq, null::bigint as sent_at from many
union all
(select * from found where conversation_no not in (select conversation_no from many) ${NEWEST_FIRST})`;

/** The planner knows the usual size of conversations, not that of these, and would read and sort a whole one. */
export const FROM_NEWEST_SETTINGS = 'begin read only; set local enable_bitmapscan = off; set local enable_sort = off; set local enable_seqscan = off';

/** Those that were deleted since are left out. */
export const ENTRIES = `
select e.conversation_no, c.id, e.seq, e.sent_at, e.type, u.id as "from", e.key, e.message, e.details
from unnest($1::integer[], $2::bigint[]) with ordinality as f(conversation_no, seq, place)
join entries e on e.conversation_no = f.conversation_no and e.seq = f.seq
join conversations c on c.conversation_no = f.conversation_no
join users u on u.user_no = e.sender_no
where e.type = 1 and e.details->'deleted' is null
order by f.place`;

// Taking over.

/** Nothing: another server is at it. */
export const LOCK_PROGRESS = `
select seq from search_progress where conversation_no = $1 for update skip locked`;
export const MAKE_PROGRESS = 'insert into search_progress (conversation_no) values ($1) on conflict do nothing';
export const MOVE_PROGRESS = 'update search_progress set seq = $2 where conversation_no = $1';

/** What was said, changed and deleted after a seq. `target`: what an EDIT or DELETE changes. */
export const NEWS = `
select e.seq, e.type, e.sender_no, e.sent_at, e.message, (e.details->>'target')::bigint as target,
       e.details->'deleted' is not null as deleted
from entries e where e.conversation_no = $1 and e.seq > $2 order by e.seq limit $3`;

export const PUT_TEXTS = `
insert into search_texts (conversation_no, seq, sender_no, sent_at, text, pairs)
select $1, t.seq, t.sender_no, t.sent_at, t.text, t.pairs::integer[]
from unnest($2::bigint[], $3::integer[], $4::bigint[], $5::text[], $6::text[]) as t(seq, sender_no, sent_at, text, pairs)
on conflict (conversation_no, seq) do update set text = excluded.text, pairs = excluded.pairs`;

/** An edit keeps sender and time of its message. */
export const CHANGE_TEXTS = `
update search_texts s set text = t.text, pairs = t.pairs::integer[]
from unnest($2::bigint[], $3::text[], $4::text[]) as t(seq, text, pairs)
where s.conversation_no = $1 and s.seq = t.seq`;

export const REMOVE_TEXTS = 'delete from search_texts where conversation_no = $1 and seq = any($2::bigint[])';

/** Conversations that no server took over to their end, because one ended before it came to it. */
export const BEHIND = `
select c.conversation_no from conversations c left join search_progress p on p.conversation_no = c.conversation_no
where c.last_seq > coalesce(p.seq, 0) limit $1`;
