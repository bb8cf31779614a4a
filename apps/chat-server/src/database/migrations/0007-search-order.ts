/**
 * Words that many messages of a conversation hold are looked for from the newest message back, until a page is full.
 *
 * For rarer ones the index of pairs names the conversation by an expression, so that no other index can be taken for it:
 * the planner knows the usual size of conversations, not that of the one asked for, and would read a whole one.
 */
export const searchOrder = `
create index search_texts_newest on search_texts (conversation_no, sent_at, seq);
drop index search_texts_pairs;
create index search_texts_pairs on search_texts using gin ((conversation_no + 0), pairs);
`;
