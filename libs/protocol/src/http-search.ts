import Type, { type Static } from 'typebox';
import { ChatEntry } from './chat-message.ts';
import { ConversationId, UserId } from './identifier-schemas.ts';

const Time = Type.Integer({ minimum: 0 });

/** `GET /api/search`. Times are epoch milliseconds; `since` is inclusive, `until` is not. */
export const SearchParameters = Type.Object({
  q: Type.String({ minLength: 1, maxLength: 200 }),
  conversationId: Type.Optional(ConversationId),
  /** Who wrote it. */
  from: Type.Optional(UserId),
  since: Type.Optional(Time),
  until: Type.Optional(Time),
  /** Where the next page begins, as the page before said it. */
  cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}-[0-9]{1,9}-[0-9]{1,15}$' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
});
export type SearchParameters = Static<typeof SearchParameters>;

/** Newest first, in their present form. The last page has no `cursor`. */
export const FoundMessages = Type.Object({ messages: Type.Array(ChatEntry), cursor: Type.Optional(Type.String()) });
export type FoundMessages = Static<typeof FoundMessages>;
