/** Words that many messages of a conversation hold are looked for from the newest message back, until a page is full. */
export const searchOrder = `
create index search_texts_newest on search_texts (conversation_no, sent_at, seq);
`;
