/**
 * Entries that change entries. The log itself says everything; what is kept beside it makes a page of history cheap
 * however many reactions there were. A trigger keeps it, in the transaction that appends and thus under the lock of the
 * conversation. Its condition costs entries of other types nothing.
 */
export const changes = `
-- The edits of one message, newest first.
create index entries_edits on entries (conversation_no, ((details->>'target')::bigint), seq desc) where type = 4;

-- Reactions that stand. seq is that of the REACTION entry.
create table reactions (
  conversation_no integer not null,
  target          bigint not null,
  emoji           text collate "C" not null,
  user_no         integer not null,
  seq             bigint not null,
  primary key (conversation_no, target, emoji, user_no)
);
-- The first of those who reacted so.
create index reactions_first on reactions (conversation_no, target, emoji, seq, user_no);
-- The reactions of one person: there is a bound on them.
create index reactions_user on reactions (conversation_no, target, user_no);

create table reaction_counts (
  conversation_no integer not null,
  target          bigint not null,
  emoji           text collate "C" not null,
  count           integer not null,
  first_seq       bigint not null,            -- of the reaction that brought this emoji: the order of showing
  primary key (conversation_no, target, emoji)
) with (fillfactor = 70);

create table pins (
  conversation_no integer not null,
  seq             bigint not null,
  by_user_no      integer not null,
  at              bigint not null default now_ms(),
  primary key (conversation_no, seq)
);

create function apply_reaction(change entries, changed bigint) returns void language plpgsql as $$
begin
  if (change.details->>'on')::boolean then
    insert into reactions (conversation_no, target, emoji, user_no, seq)
    select change.conversation_no, changed, change.details->>'emoji', change.sender_no, change.seq
    from entries t
    where t.conversation_no = change.conversation_no and t.seq = changed and t.type = 1 and t.details->'deleted' is null
    on conflict do nothing;
    if found then
      insert into reaction_counts as c (conversation_no, target, emoji, count, first_seq)
      values (change.conversation_no, changed, change.details->>'emoji', 1, change.seq)
      on conflict (conversation_no, target, emoji) do update set count = c.count + 1;
    end if;
  else
    delete from reactions
    where conversation_no = change.conversation_no and target = changed and emoji = change.details->>'emoji'
      and user_no = change.sender_no;
    if found then
      update reaction_counts set count = count - 1
      where conversation_no = change.conversation_no and target = changed and emoji = change.details->>'emoji';
      delete from reaction_counts
      where conversation_no = change.conversation_no and target = changed and emoji = change.details->>'emoji' and count = 0;
    end if;
  end if;
end $$;

-- What is deleted for everyone is gone from the log as well: who syncs later gets the entry without its text.
create function apply_delete(change entries, changed bigint) returns void language plpgsql as $$
begin
  update entries set message = '', details = '{"deleted": true}'
  where conversation_no = change.conversation_no and seq = changed and type = 1;
  update entries set message = '', details = jsonb_build_object('target', changed, 'deleted', true)
  where conversation_no = change.conversation_no and (details->>'target')::bigint = changed and type = 4;
  delete from reactions where conversation_no = change.conversation_no and target = changed;
  delete from reaction_counts where conversation_no = change.conversation_no and target = changed;
  delete from pins where conversation_no = change.conversation_no and seq = changed;
end $$;

-- An edit that was on its way while its message was deleted says nothing any more.
create function apply_edit(change entries, changed bigint) returns void language plpgsql as $$
begin
  update entries set message = '', details = jsonb_build_object('target', changed, 'deleted', true)
  where conversation_no = change.conversation_no and seq = change.seq and exists (
    select from entries t where t.conversation_no = change.conversation_no and t.seq = changed and t.details->'deleted' is not null
  );
end $$;

create function apply_change() returns trigger language plpgsql as $$
declare
  changed bigint := (new.details->>'target')::bigint;
begin
  -- Entries change earlier ones only, whatever else the batch holds that stored them.
  if changed is null or changed >= new.seq then return null; end if;
  case new.type
    when 4 then perform apply_edit(new, changed);
    when 5 then perform apply_delete(new, changed);
    when 6 then perform apply_reaction(new, changed);
    else null;
  end case;
  return null;
end $$;

create trigger entries_changes after insert on entries for each row when (new.type > 3) execute function apply_change();
`;
