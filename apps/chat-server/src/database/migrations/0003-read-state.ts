/**
 * Read state that costs the same in a room of any size.
 *
 * `read_positions` says of each room how many present members have their read cursor at each seq: 'not read by N' is a
 * sum over the few positions beside an entry, not over members. Membership changes keep it by triggers, the statement
 * that moves read cursors keeps it by itself.
 *
 * `chat_blocks` counts the CHAT entries of each thousand seqs, all together and by sender: entries never change their
 * type or place, so a block that is full is counted once.
 */
export const readState = `
alter table users add column read_receipts boolean not null default true;
-- Moves of the read cursor that only the user's own devices are told of: a version beside the conversation's.
alter table members add column silent_moves bigint not null default 0;

create table read_positions (
  conversation_no integer not null,
  read_seq        bigint not null,          -- -1: all present members together
  members         integer not null,
  primary key (conversation_no, read_seq)
) with (fillfactor = 50);

insert into read_positions (conversation_no, read_seq, members)
select m.conversation_no, m.read_seq, count(*) from members m join rooms using (conversation_no)
where m.left_seq is null group by 1, 2
union all
select m.conversation_no, -1, count(*) from members m join rooms using (conversation_no)
where m.left_seq is null group by 1;

create function members_came() returns trigger language plpgsql as $$
begin
  insert into read_positions as p (conversation_no, read_seq, members)
  select c.conversation_no, at.read_seq, count(*)
  from came c join rooms using (conversation_no) cross join lateral (values (c.read_seq), (-1)) as at(read_seq)
  where c.left_seq is null group by 1, 2 order by 1, 2
  on conflict (conversation_no, read_seq) do update set members = p.members + excluded.members;
  return null;
end $$;

create function members_went() returns trigger language plpgsql as $$
begin
  insert into read_positions as p (conversation_no, read_seq, members)
  select g.conversation_no, at.read_seq, -count(*)
  from gone g join rooms using (conversation_no) cross join lateral (values (g.read_seq), (-1)) as at(read_seq)
  where g.left_seq is null group by 1, 2 order by 1, 2
  on conflict (conversation_no, read_seq) do update set members = p.members + excluded.members;
  return null;
end $$;

create function member_changed() returns trigger language plpgsql as $$
begin
  insert into read_positions as p (conversation_no, read_seq, members)
  select new.conversation_no, at.read_seq, sum(at.change)
  from (values (old.read_seq, -1, old.left_seq), (-1, -1, old.left_seq),
               (new.read_seq, 1, new.left_seq), (-1, 1, new.left_seq)) as at(read_seq, change, left_seq)
  where at.left_seq is null and exists (select 1 from rooms where conversation_no = new.conversation_no)
  group by at.read_seq having sum(at.change) <> 0 order by at.read_seq
  on conflict (conversation_no, read_seq) do update set members = p.members + excluded.members;
  return null;
end $$;

create trigger members_came after insert on members
  referencing new table as came for each statement execute function members_came();
create trigger members_went after delete on members
  referencing old table as gone for each statement execute function members_went();
-- Joining again and leaving set left_seq; moving a cursor does not.
create trigger member_changed after update of left_seq on members for each row execute function member_changed();

create table chat_blocks (
  conversation_no integer not null,
  block           integer not null,         -- of the seqs from 1000 * block + 1 to 1000 * (block + 1)
  sender_no       integer not null,         -- 0: everybody
  chats           integer not null,
  primary key (conversation_no, block, sender_no)
);

-- Counts the full blocks from the first up to before the last that are not counted. Waits for nobody.
create function count_chat_blocks(conversation integer, first_block bigint, last_block bigint) returns void
language plpgsql as $$
begin
  if not pg_try_advisory_xact_lock(7203, conversation) then return; end if;
  insert into chat_blocks (conversation_no, block, sender_no, chats)
  select conversation, b.block, c.sender_no, c.chats
  from generate_series(first_block, last_block - 1) as b(block)
  cross join lateral (
    select coalesce(e.sender_no, 0) as sender_no, count(*) as chats from entries e
    where e.conversation_no = conversation and e.seq > b.block * 1000 and e.seq <= (b.block + 1) * 1000 and e.type = 1
    group by grouping sets ((e.sender_no), ())
  ) c
  where not exists (
    select 1 from chat_blocks k where k.conversation_no = conversation and k.block = b.block and k.sender_no = 0
  )
  on conflict do nothing;
end $$;

-- CHAT entries by others in (read_seq, last_seq].
create function unread_chats(conversation integer, reader integer, read_seq bigint, last_seq bigint) returns bigint
language plpgsql as $$
declare
  first_block bigint := (read_seq + 999) / 1000;
  last_block  bigint := last_seq / 1000;
begin
  if first_block >= last_block then
    return (select count(*) from entries e where e.conversation_no = conversation
              and e.seq > read_seq and e.seq <= last_seq and e.type = 1 and e.sender_no <> reader);
  end if;
  -- Usually they are counted as they become full.
  if (select count(*) from chat_blocks k where k.conversation_no = conversation and k.sender_no = 0
        and k.block >= first_block and k.block < last_block) < last_block - first_block then
    perform count_chat_blocks(conversation, first_block, last_block);
  end if;
  return (
    select coalesce(sum(coalesce(
      total.chats - coalesce(own.chats, 0),
      (select count(*) from entries e where e.conversation_no = conversation
         and e.seq > b.block * 1000 and e.seq <= (b.block + 1) * 1000 and e.type = 1 and e.sender_no <> reader)
    )), 0)
    from generate_series(first_block, last_block - 1) as b(block)
    left join chat_blocks total on total.conversation_no = conversation and total.block = b.block and total.sender_no = 0
    left join chat_blocks own on own.conversation_no = conversation and own.block = b.block and own.sender_no = reader
  ) + (
    select count(*) from entries e where e.conversation_no = conversation and e.type = 1 and e.sender_no <> reader
      and (e.seq > read_seq and e.seq <= first_block * 1000)
  ) + (
    select count(*) from entries e where e.conversation_no = conversation and e.type = 1 and e.sender_no <> reader
      and (e.seq > last_block * 1000 and e.seq <= last_seq)
  );
end $$;
`;
