import Type, { type Static } from 'typebox';
import { ChatEntry, HistoryEntry } from './chat-message.ts';
import { ConversationId, RoomId, Seq, UserId } from './identifier-schemas.ts';

// The JSON bodies of `/api`. Lengths count code points.

export const Password = Type.String({ minLength: 8, maxLength: 128 });
export const DisplayName = Type.String({ minLength: 1, maxLength: 64 });

export const RegisterBody = Type.Object({
  id: UserId,
  password: Password,
  displayName: Type.Optional(DisplayName),
});
export type RegisterBody = Static<typeof RegisterBody>;

export const LoginBody = Type.Object({ id: Type.String({ maxLength: 64 }), password: Type.String({ maxLength: 128 }) });
export type LoginBody = Static<typeof LoginBody>;

export const RefreshBody = Type.Object({ refreshToken: Type.String({ minLength: 1, maxLength: 512 }) });
export type RefreshBody = Static<typeof RefreshBody>;

/** `deleted`: nobody can write to it any more, and its name is a neutral one that clients may put in their own words. */
export const User = Type.Object({ id: UserId, displayName: DisplayName, deleted: Type.Optional(Type.Boolean()) });
export type User = Static<typeof User>;

/** `DELETE /api/me`. An account without a password, which signs in elsewhere, needs none. */
export const DeleteAccountBody = Type.Object({ password: Type.Optional(Type.String({ maxLength: 128 })) });
export type DeleteAccountBody = Static<typeof DeleteAccountBody>;

/** The answer to register, login and refresh. `expiresIn` is the access token's life in seconds. */
export const SignedIn = Type.Object({
  user: User,
  accessToken: Type.String(),
  refreshToken: Type.String(),
  expiresIn: Type.Integer(),
});
export type SignedIn = Static<typeof SignedIn>;

/** Somebody else's cursors in a conversation, with the version of the conversation's cursors. */
export const PeerCursor = Type.Object({ userId: UserId, deliveredSeq: Seq, readSeq: Seq });
export type PeerCursor = Static<typeof PeerCursor>;

export const ConversationSummary = Type.Object({
  conversationId: ConversationId,
  to: Type.Optional(UserId),
  roomId: Type.Optional(RoomId),
  /** The other user's name in direct conversations, the room's in rooms. */
  name: Type.Optional(Type.String()),
  /** Of a room: how many are members at present. */
  members: Type.Optional(Type.Integer()),
  /** Of a room: nobody writes there any more. */
  archived: Type.Optional(Type.Boolean()),
  /** Of a room: when one came in. Without a last message, the room stands in the list by this time. */
  joinedAt: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Of a room: no notifications until then. Missing: not muted. */
  mutedUntil: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Of a direct conversation: the other one's account is deleted, and nobody writes there any more. */
  deleted: Type.Optional(Type.Boolean()),
  lastSeq: Seq,
  readSeq: Seq,
  unread: Type.Integer(),
  last: Type.Optional(ChatEntry),
  /** Cursors of the others, in conversations small enough for READ. */
  cursors: Type.Array(PeerCursor),
  cursorVersion: Type.Integer(),
});
export type ConversationSummary = Static<typeof ConversationSummary>;

export const ConversationsPage = Type.Object({
  conversations: Type.Array(ConversationSummary),
  cursor: Type.Optional(Type.String()),
});
export type ConversationsPage = Static<typeof ConversationsPage>;

/** `GET /api/conversations/{id}/messages`: by rising `seq`, in their present form. */
export const MessagesPage = Type.Object({ messages: Type.Array(HistoryEntry) });
export type MessagesPage = Static<typeof MessagesPage>;

/** `GET /api/conversations/{id}/messages/{seq}/edits`: all texts that a message has had, the first one first. */
export const EditsPage = Type.Object({
  edits: Type.Array(Type.Object({ seq: Seq, message: Type.String(), sentAt: Type.Integer() })),
});
export type EditsPage = Static<typeof EditsPage>;

/** `GET /api/conversations/{id}/pins`: the last pinned first. */
export const PinsPage = Type.Object({
  pins: Type.Array(Type.Object({ message: ChatEntry, by: UserId, pinnedAt: Type.Integer() })),
});
export type PinsPage = Static<typeof PinsPage>;
