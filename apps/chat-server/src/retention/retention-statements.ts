// What retention reads and deletes. $days and $entries of 0 are no bound; of two bounds the narrower one holds.

/**
 * The next $4 conversations after $1, by number: what each keeps, and by its oldest entry whether there is something to
 * delete. That is one look into an index for each, so that a sweep costs little where there is nothing. An entry before the
 * beginning of its log is what a crash left.
 */
export const NEXT = `
select c.conversation_no, c.kept_from, keep.days, keep.entries,
       coalesce(oldest.seq < c.kept_from or (oldest.sent_at <= now_ms() - $5::bigint and (
         coalesce(oldest.sent_at < now_ms() - keep.days * 86400000::bigint, false) or coalesce(oldest.seq <= c.last_seq - keep.entries, false)
       )), false) as wanted
from (select * from conversations where conversation_no > $1 order by conversation_no limit $4) c
left join rooms r on r.conversation_no = c.conversation_no
cross join lateral (
  select least(nullif($2::integer, 0), r.retention_days) as days, least(nullif($3::integer, 0), r.retention_entries) as entries
) keep
left join lateral (
  select seq, sent_at from entries where conversation_no = c.conversation_no order by seq limit 1
) oldest on true
order by c.conversation_no`;

/**
 * Moves the beginning of a log over the oldest $5 entries at most, as far as they are one after the other too old or too
 * many, and old enough that nobody sends them once more ($4, ms). No row: there is nothing to move over.
 */
export const MOVE_BEGINNING = `
with oldest as (
  select e.seq, coalesce(e.sent_at < now_ms() - $2::integer * 86400000::bigint, false)
             or coalesce(e.seq <= c.last_seq - $3::integer, false) as wanted, e.sent_at
  from conversations c
  join entries e on e.conversation_no = c.conversation_no and e.seq >= c.kept_from
  where c.conversation_no = $1
  order by e.seq limit $5
), beginning as (
  select coalesce(min(seq) filter (where not wanted or sent_at > now_ms() - $4::bigint), max(seq) + 1) as seq from oldest
)
update conversations c set kept_from = b.seq from beginning b
where c.conversation_no = $1 and b.seq > c.kept_from
returning c.kept_from`;

/** Nobody else's retention is at work while this transaction lasts. */
export const ONLY_ONE = 'select pg_try_advisory_xact_lock(7204, 0) as alone';

/** The indexer of search takes over nothing of this conversation while this transaction lasts. */
export const HOLD_SEARCH = `
insert into search_progress as p (conversation_no, seq) values ($1, $2 - 1)
on conflict (conversation_no) do update set seq = greatest(p.seq, excluded.seq)`;

/** Everything about the entries before $2. The order of the tables is that in which deletions for everyone lock them. */
export const DELETE_BEFORE = [
  'delete from entries where conversation_no = $1 and seq < $2',
  'delete from reactions where conversation_no = $1 and target < $2',
  'delete from reaction_counts where conversation_no = $1 and target < $2',
  'delete from pins where conversation_no = $1 and seq < $2',
  'delete from search_texts where conversation_no = $1 and seq < $2',
  // A block that has lost some of its entries is counted one by one.
  'delete from chat_blocks where conversation_no = $1 and block * 1000::bigint < $2 - 1',
];
