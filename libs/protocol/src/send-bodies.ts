import Type, { type Static } from 'typebox';
import { ClientId, ConversationId, RoomId, Seq, UserId } from './identifier-schemas.ts';

// The bodies of SEND, one schema for each application destination. Which of `to`, `roomId` and `conversationId`
// stands there (exactly one must) is checked by `addressOf`, because "exactly one" as a schema gives errors that
// nobody can read. Unknown fields are ignored: a newer client may talk to an older server.

const address = {
  to: Type.Optional(UserId),
  roomId: Type.Optional(RoomId),
  conversationId: Type.Optional(ConversationId),
};

/** `/app/chat.send`. The length limit of `message` counts code points and is checked beside the schema. */
export const ChatSendBody = Type.Object({
  ...address,
  message: Type.String({ minLength: 1 }),
  clientId: Type.Optional(ClientId),
  replyTo: Type.Optional(Seq),
});
export type ChatSendBody = Static<typeof ChatSendBody>;

/** `/app/chat.typing`. */
export const ChatTypingBody = Type.Object({ ...address, typing: Type.Boolean() });
export type ChatTypingBody = Static<typeof ChatTypingBody>;

/** `/app/chat.read`. */
export const ChatReadBody = Type.Object({ ...address, seq: Seq });
export type ChatReadBody = Static<typeof ChatReadBody>;

/** `/app/chat.sync`. */
export const ChatSyncBody = Type.Object({
  cursors: Type.Record(ConversationId, Seq),
  more: Type.Optional(Type.Boolean()),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  fresh: Type.Optional(Type.Boolean()),
});
export type ChatSyncBody = Static<typeof ChatSyncBody>;

/** `/app/auth.refresh`. */
export const AuthRefreshBody = Type.Object({ accessToken: Type.String({ minLength: 1, maxLength: 4096 }) });
export type AuthRefreshBody = Static<typeof AuthRefreshBody>;

/** How a SEND names its conversation. */
export type Address = Pick<ChatSendBody, 'to' | 'roomId' | 'conversationId'>;
