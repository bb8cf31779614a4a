/**
 * What is searched: the present text of every message, folded, with the pairs of its characters as numbers. Filled a
 * moment after the log by the servers, so that appending pays nothing for it. The index leads from a conversation and a
 * few pairs to the messages that have them all; PostgreSQL's own trigrams know nothing of Hangul under the C locale, and
 * Korean words are often shorter than three characters.
 */
export const search = `
create extension if not exists btree_gin;

create table search_texts (
  conversation_no integer not null,
  seq             bigint not null,
  sender_no       integer not null,
  sent_at         bigint not null,
  text            text collate "C" not null,
  pairs           integer[] not null,
  primary key (conversation_no, seq)
);
create index search_texts_pairs on search_texts using gin (conversation_no, pairs);

-- How far each conversation has been taken over.
create table search_progress (
  conversation_no integer primary key,
  seq             bigint not null default 0
) with (fillfactor = 70);
`;
