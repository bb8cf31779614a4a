/** The beginning of a mention that is being typed: where its `@` stands, and what follows it. */
export type MentionQuery = { readonly from: number; readonly q: string };

/** Names may have spaces; what is typed to find one has none. */
const QUERY = /(?:^|[\s(])@([^\s@]{0,32})$/u;

/** What is being typed right before the caret. */
export function mentionAt(text: string, caret: number): MentionQuery | undefined {
  const q = QUERY.exec(text.slice(0, caret))?.[1];
  return q === undefined ? undefined : { from: caret - q.length - 1, q };
}

/** The text with the whole mention in the place of its beginning, and where the caret then stands. */
export function withMention(text: string, { from, q }: MentionQuery, id: string): { readonly text: string; readonly caret: number } {
  const after = text.slice(from + 1 + q.length);
  const mention = `@${id}${after.startsWith(' ') ? '' : ' '}`;
  return { text: text.slice(0, from) + mention + after, caret: from + id.length + 2 };
}
