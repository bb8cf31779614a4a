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

/**
 * `/app/chat.send`. The length limit of `message` counts code points and is checked beside the schema, as is that either
 * `message` or `forward` is there.
 */
export const ChatSendBody = Type.Object({
  ...address,
  message: Type.Optional(Type.String({ minLength: 1 })),
  clientId: Type.Optional(ClientId),
  replyTo: Type.Optional(Seq),
  /** In place of `message`: the message that this one passes on. */
  forward: Type.Optional(Type.Object({ conversationId: ConversationId, seq: Seq })),
});
export type ChatSendBody = Static<typeof ChatSendBody>;

const change = {
  conversationId: ConversationId,
  /** The entry that it changes. */
  target: Seq,
  clientId: Type.Optional(ClientId),
};

/** `/app/chat.edit`: the whole new text of one's own message. */
export const ChatEditBody = Type.Object({ ...change, message: Type.String({ minLength: 1 }) });
export type ChatEditBody = Static<typeof ChatEditBody>;

/** `/app/chat.delete`. */
export const ChatDeleteBody = Type.Object(change);
export type ChatDeleteBody = Static<typeof ChatDeleteBody>;

/** `/app/chat.react`: sets a reaction or takes it back. That `emoji` is one emoji is checked beside the schema. */
export const ChatReactBody = Type.Object({
  ...change,
  emoji: Type.String({ minLength: 1, maxLength: 40 }),
  on: Type.Boolean(),
});
export type ChatReactBody = Static<typeof ChatReactBody>;

/** `/app/chat.join` and `/app/chat.leave`. Either is done once however often it is said: being in it already is no fault. */
export const ChatJoinBody = Type.Object({ roomId: RoomId, clientId: Type.Optional(ClientId) });
export type ChatJoinBody = Static<typeof ChatJoinBody>;
export const ChatLeaveBody = Type.Object({ roomId: RoomId, clientId: Type.Optional(ClientId) });
export type ChatLeaveBody = Static<typeof ChatLeaveBody>;

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
