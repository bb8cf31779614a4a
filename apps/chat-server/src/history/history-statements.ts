// The statements of history. Each is one look into an index for each entry that it answers, however long the log is and
// however often its entries were changed.

const ENTRY = `e.conversation_no, e.seq, e.sent_at, e.type, u.id as "from", e.key, e.message, e.details`;

// Edits, deletions and reactions show in what they changed, and are not listed.
const PAGE = `
select ${ENTRY}
from entries e join users u on u.user_no = e.sender_no
where e.conversation_no = $1 and e.type in (1, 2, 3) and e.seq > $2`;
export const PAGE_BEFORE = `${PAGE} and e.seq < $3 order by e.seq desc limit $4`;
export const PAGE_AFTER = `${PAGE} order by e.seq limit $3`;

/** One entry. */
export const ENTRY_AT = `
select ${ENTRY} from entries e join users u on u.user_no = e.sender_no where e.conversation_no = $1 and e.seq = $2`;

/**
 * What was changed of these entries: the last text, and the reactions that stand, with the first $4 people of each and
 * whether $3 is among them.
 */
export const CHANGES = `
select k.place::integer as place, edit.message, edit.sent_at as edited_at, edit.details->'mentions' as mentions, r.reactions
from (
  select c.conversation_no, n.seq, n.place
  from unnest($1::text[], $2::bigint[]) with ordinality as n(conversation_id, seq, place)
  join conversations c on c.id = n.conversation_id
) k
left join lateral (
  select message, sent_at, details from entries
  where type = 4 and conversation_no = k.conversation_no and (details->>'target')::bigint = k.seq and seq > k.seq
  order by seq desc limit 1
) edit on true
left join lateral (
  select json_agg(json_build_object('emoji', c.emoji, 'count', c.count, 'mine', mine.is, 'users', first.users) order by c.first_seq)
    as reactions
  from reaction_counts c
  cross join lateral (
    select exists (
      select from reactions where conversation_no = c.conversation_no and target = c.target and emoji = c.emoji and user_no = $3
    ) as is
  ) mine
  cross join lateral (
    select array_agg(u.id order by f.seq, f.user_no) as users
    from (
      select seq, user_no from reactions where conversation_no = c.conversation_no and target = c.target and emoji = c.emoji
      order by seq, user_no limit $4
    ) f join users u on u.user_no = f.user_no
  ) first
  where c.conversation_no = k.conversation_no and c.target = k.seq
) r on true
where edit.message is not null or r.reactions is not null`;

/** The newest edits of one entry. */
export const EDITS = `
select seq, message, sent_at from entries
where type = 4 and conversation_no = $1 and (details->>'target')::bigint = $2 and seq > $2
order by seq desc limit $3`;

/** The entry that a member wants to change or name, and what the member may do. No row: not a member. */
export const TARGET = `
select t.type, t.sender_no = $3 as own, t.details->'deleted' is not null as deleted,
       t.details->'forwardedFrom' is not null as forwarded, m.role,
       coalesce(r.history = 2 and $2 <= m.joined_seq, false) as hidden
from members m
left join entries t on t.conversation_no = m.conversation_no and t.seq = $2
left join rooms r on r.conversation_no = m.conversation_no
where m.conversation_no = $1 and m.user_no = $3 and m.left_seq is null`;

/** How many reactions a person has there, how many different ones everybody has, and whether this one is among them. */
export const REACTION_ROOM = `
select
  (select count(*) from reactions where conversation_no = $1 and target = $2 and user_no = $3)::integer as own,
  (select count(*) from reaction_counts where conversation_no = $1 and target = $2)::integer as kinds,
  exists (select from reactions where conversation_no = $1 and target = $2 and user_no = $3 and emoji = $4) as there,
  exists (select from reaction_counts where conversation_no = $1 and target = $2 and emoji = $4) as known`;

export const MEMBERS_AMONG = `
select u.id from users u join members m on m.user_no = u.user_no
where u.id = any($2::text[]) and m.conversation_no = $1 and m.left_seq is null`;

// Pinning locks the conversation, so that two who pin at once cannot pass the bound, nor pin what is being deleted.
export const LOCK_CONVERSATION = 'select from conversations where conversation_no = $1 for update';
export const PIN = `
insert into pins (conversation_no, seq, by_user_no)
select $1::integer, $2::bigint, $3::integer where (select count(*) from pins where conversation_no = $1) < $4
  and exists (select from entries where conversation_no = $1 and seq = $2 and type = 1 and details->'deleted' is null)
on conflict do nothing`;
export const IS_PINNED = 'select from pins where conversation_no = $1 and seq = $2';
export const UNPIN = 'delete from pins where conversation_no = $1 and seq = $2';
export const PINS = `
select ${ENTRY}, by_user.id as by, p.at
from pins p
join entries e on e.conversation_no = p.conversation_no and e.seq = p.seq
join users u on u.user_no = e.sender_no
join users by_user on by_user.user_no = p.by_user_no
where p.conversation_no = $1 and p.seq > $2
order by p.at desc, p.seq desc`;
