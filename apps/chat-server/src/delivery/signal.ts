import type { Conversation } from '../conversations/log-entry.ts';

/**
 * Something that passes by in a conversation: TYPING, READ, DELIVERED. Not in the log; a newer one replaces an older,
 * and losing one is mended by state (cursors) or by time (typing).
 */
export type Signal = {
  readonly conversationId: string;
  readonly from: string;
  readonly kind: SignalKind;
  /** The version of the conversation's cursors that it carries; 0 where it has none. */
  readonly version: number;
  /** The ChatMessage as JSON in UTF-8. In 'not-read' between servers: the conversation's number. */
  readonly body: Buffer;
  /**
   * Where it was read from the store, together with all other cursors of the conversation: whoever gets it knows them up
   * to that version. What is told as it happens proves no version, because one before it may have been lost.
   */
  readonly state?: { readonly conversation: Conversation; readonly version: number };
};

/**
 * Who gets it. 'typing' and 'delivered': the other members; 'read': the members, other sessions of `from` included;
 * 'own-read', a READ: the sessions of `from` alone; 'not-read': whoever looks at the room (`/topic/rooms.{roomId}`).
 * Servers number kinds by their place in `bus/envelope.ts`.
 */
export type SignalKind = 'typing' | 'read' | 'delivered' | 'own-read' | 'not-read';
