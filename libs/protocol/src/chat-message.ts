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

export const ChatEntry = Type.Object({
  type: Type.Literal('CHAT'),
  ...entry,
  message: Type.String(),
  clientId: Type.Optional(ClientId),
  replyTo: Type.Optional(Seq),
});
export const JoinEntry = Type.Object({ type: Type.Literal('JOIN'), ...entry, by: Type.Optional(UserId) });
export const LeaveEntry = Type.Object({ type: Type.Literal('LEAVE'), ...entry, by: Type.Optional(UserId) });
export const EditEntry = Type.Object({ type: Type.Literal('EDIT'), ...entry, target: Seq, message: Type.String() });
export const DeleteEntry = Type.Object({ type: Type.Literal('DELETE'), ...entry, target: Seq });
export const ReactionEntry = Type.Object({
  type: Type.Literal('REACTION'),
  ...entry,
  target: Seq,
  emoji: Type.String(),
  on: Type.Boolean(),
});
export const TypingSignal = Type.Object({ type: Type.Literal('TYPING'), ...place, typing: Type.Boolean() });
export const ReadSignal = Type.Object({ type: Type.Literal('READ'), ...place, seq: Seq, version: Type.Integer() });
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
  DeliveredSignal,
  PresenceSignal,
  SyncedSignal,
]);

export type ChatEntry = Static<typeof ChatEntry>;
export type JoinEntry = Static<typeof JoinEntry>;
export type LeaveEntry = Static<typeof LeaveEntry>;
export type EditEntry = Static<typeof EditEntry>;
export type DeleteEntry = Static<typeof DeleteEntry>;
export type ReactionEntry = Static<typeof ReactionEntry>;
export type TypingSignal = Static<typeof TypingSignal>;
export type ReadSignal = Static<typeof ReadSignal>;
export type DeliveredSignal = Static<typeof DeliveredSignal>;
export type PresenceSignal = Static<typeof PresenceSignal>;
export type SyncedSignal = Static<typeof SyncedSignal>;

/** What stands in a conversation's log, has a `seq`, and is never lost. */
export type Entry = ChatEntry | JoinEntry | LeaveEntry | EditEntry | DeleteEntry | ReactionEntry;
/** What passes by: newest value wins, never stored in the log. */
export type Signal = TypingSignal | ReadSignal | DeliveredSignal | PresenceSignal | SyncedSignal;
export type ChatMessage = Entry | Signal;

const ENTRY_TYPES: ReadonlySet<string> = new Set(['CHAT', 'JOIN', 'LEAVE', 'EDIT', 'DELETE', 'REACTION']);

export function isEntry(message: ChatMessage): message is Entry {
  return ENTRY_TYPES.has(message.type);
}
