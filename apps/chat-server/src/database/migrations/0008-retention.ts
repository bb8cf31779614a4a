/**
 * Logs lose their oldest entries, as long as retention asks for it: never from the middle, so that one number says what
 * is left. It moves before anything is deleted, and readers begin there.
 */
export const retention = `
alter table conversations add column kept_from bigint not null default 1;  -- the first seq that is still there

-- What is gone is not unread.
alter function unread_chats(integer, integer, bigint, bigint) rename to unread_chats_of_log;
create function unread_chats(conversation integer, reader integer, read_seq bigint, last_seq bigint) returns bigint
language sql volatile as $$
  select unread_chats_of_log(conversation, reader, greatest(read_seq, least(c.kept_from - 1, last_seq)), last_seq)
  from conversations c where c.conversation_no = conversation
$$;
`;
