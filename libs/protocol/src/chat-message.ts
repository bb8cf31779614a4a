import Type, { type Static } from 'typebox';
import { ClientId, ConversationId, RoomId, Seq, UserId } from './identifier-schemas.ts';

// What is delivered. Readers ignore fields and types that they do not know.

const place = {
  conversationId: ConversationId,
  from: UserId,
  to: Type.Optional(UserId),
  roomId: Type.Optional(RoomId),
};

const entry = {
  ...place,
  seq: Seq,
  /** Globally unique, sortable by time. */
  id: Type.String(),
  /** Epoch milliseconds by the database's clock. Never decides order: `seq` does. */
  sentAt: Type.Integer(),
};

/** In `mentions`: everybody in the room, written `@room`. No user's id begins like this. */
export const MENTION_ROOM = '@room';

/** One emoji on an entry. `users` are the first who reacted so, and fewer than `count` where there are many. */
export const Reaction = Type.Object({
  emoji: Type.String(),
  count: Type.Integer(),
  /** Whether the reader is one of them. */
  mine: Type.Boolean(),
  users: Type.Array(UserId),
});

export const ChatEntry = Type.Object({
  type: Type.Literal('CHAT'),
  ...entry,
  /** Empty once the message has been deleted. */
  message: Type.String(),
  clientId: Type.Optional(ClientId),
  replyTo: Type.Optional(Seq),
  /** Members named by `@id` in the text, and `@room`. */
  mentions: Type.Optional(Type.Array(Type.String())),
  /** Who wrote a message that was passed on, and when. */
  forwardedFrom: Type.Optional(Type.Object({ from: UserId, sentAt: Type.Integer() })),
  /** Its text was deleted for everyone. */
  deleted: Type.Optional(Type.Boolean()),
  // What the following say of an entry is its present state: they stand in history, not in what is delivered.
  /** When the text that `message` has now was written, if it is not the first. */
  editedAt: Type.Optional(Type.Integer()),
  /** In the order in which each emoji first came. */
  reactions: Type.Optional(Type.Array(Reaction)),
  /** How many present members, of those who were members then and without its sender, have not read it. */
  notRead: Type.Optional(Type.Integer({ minimum: 0 })),
});
export const JoinEntry = Type.Object({ type: Type.Literal('JOIN'), ...entry, by: Type.Optional(UserId) });
export const LeaveEntry = Type.Object({ type: Type.Literal('LEAVE'), ...entry, by: Type.Optional(UserId) });
export const EditEntry = Type.Object({
  type: Type.Literal('EDIT'),
  ...entry,
  target: Seq,
  /** The whole new text. */
  message: Type.String(),
  mentions: Type.Optional(Type.Array(Type.String())),
  clientId: Type.Optional(ClientId),
});
export const DeleteEntry = Type.Object({
  type: Type.Literal('DELETE'),
  ...entry,
  target: Seq,
  clientId: Type.Optional(ClientId),
});
export const ReactionEntry = Type.Object({
  type: Type.Literal('REACTION'),
  ...entry,
  target: Seq,
  emoji: Type.String(),
  on: Type.Boolean(),
  clientId: Type.Optional(ClientId),
});
export const TypingSignal = Type.Object({ type: Type.Literal('TYPING'), ...place, typing: Type.Boolean() });
export const ReadSignal = Type.Object({
  type: Type.Literal('READ'),
  ...place,
  seq: Seq,
  version: Type.Integer(),
});
/** READ of rooms too large for everybody's cursor, to those who look at them: by seq, how many have not read that entry. */
export const NotReadSignal = Type.Object({
  type: Type.Literal('READ'),
  conversationId: ConversationId,
  roomId: RoomId,
  notRead: Type.Array(Type.Tuple([Seq, Type.Integer()])),
});
export const DeliveredSignal = Type.Object({
  type: Type.Literal('DELIVERED'),
  ...place,
  seq: Seq,
  version: Type.Integer(),
});
export const PresenceSignal = Type.Object({
  type: Type.Literal('PRESENCE'),
  from: UserId,
  online: Type.Boolean(),
  lastSeen: Type.Optional(Type.Integer()),
});
export const SyncedSignal = Type.Object({
  type: Type.Literal('SYNCED'),
  cursors: Type.Record(ConversationId, Seq),
  truncated: Type.Optional(
    Type.Array(Type.Object({ conversationId: ConversationId, from: Seq, to: Seq })),
  ),
});

/** Everything that reaches `/user/queue/messages`, `/topic/rooms.{roomId}` and `/user/queue/presence`. */
export const ChatMessage = Type.Union([
  ChatEntry,
  JoinEntry,
  LeaveEntry,
  EditEntry,
  DeleteEntry,
  ReactionEntry,
  TypingSignal,
  ReadSignal,
  NotReadSignal,
  DeliveredSignal,
  PresenceSignal,
  SyncedSignal,
]);

/** What history lists; the other entries show in what they change. */
export const HistoryEntry = Type.Union([ChatEntry, JoinEntry, LeaveEntry]);
export type HistoryEntry = Static<typeof HistoryEntry>;

export type Reaction = Static<typeof Reaction>;
export type ChatEntry = Static<typeof ChatEntry>;
export type JoinEntry = Static<typeof JoinEntry>;
export type LeaveEntry = Static<typeof LeaveEntry>;
export type EditEntry = Static<typeof EditEntry>;
export type DeleteEntry = Static<typeof DeleteEntry>;
export type ReactionEntry = Static<typeof ReactionEntry>;
export type TypingSignal = Static<typeof TypingSignal>;
export type ReadSignal = Static<typeof ReadSignal>;
export type NotReadSignal = Static<typeof NotReadSignal>;
export type DeliveredSignal = Static<typeof DeliveredSignal>;
export type PresenceSignal = Static<typeof PresenceSignal>;
export type SyncedSignal = Static<typeof SyncedSignal>;

/** What stands in a conversation's log, has a `seq`, and is never lost. */
export type Entry = ChatEntry | JoinEntry | LeaveEntry | EditEntry | DeleteEntry | ReactionEntry;
/** What passes by: newest value wins, never stored in the log. */
export type Signal = TypingSignal | ReadSignal | NotReadSignal | DeliveredSignal | PresenceSignal | SyncedSignal;
export type ChatMessage = Entry | Signal;

const ENTRY_TYPES: ReadonlySet<string> = new Set(['CHAT', 'JOIN', 'LEAVE', 'EDIT', 'DELETE', 'REACTION']);

export function isEntry(message: ChatMessage): message is Entry {
  return ENTRY_TYPES.has(message.type);
}
