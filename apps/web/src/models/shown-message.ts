import type { DeliveryMark, OutboxItem } from '@chat/chat-client';
import type { ChatEntry, Entry } from '@chat/protocol';

/** How far an own message is; others' messages have none. */
export type MessageState = 'pending' | 'failed' | DeliveryMark;

/** A message as the timeline shows it: an entry, or what is still in the outbox. */
export type ShownMessage = {
  readonly kind: 'message';
  /** Stays the same while an own message goes from the outbox into the log. */
  readonly key: string;
  readonly from: string;
  readonly isOwn: boolean;
  readonly text: string;
  readonly sentAt: number;
  readonly seq?: number;
  readonly state?: MessageState;
  readonly isEdited?: boolean;
  readonly isDeleted?: boolean;
  readonly clientId?: string;
  /** Why it was refused. */
  readonly failureCode?: string;
};

/** Someone came or went. */
export type ShownEvent = {
  readonly kind: 'joined' | 'left';
  readonly key: string;
  readonly from: string;
  readonly sentAt: number;
  readonly seq: number;
};

export type Shown = ShownMessage | ShownEvent;

/** What history adds to an entry, in its present form. */
export type HistoryEntry = Entry & { readonly editedAt?: number; readonly deleted?: boolean };

export function shownEntry(entry: HistoryEntry, self: string, markOf: (seq: number) => DeliveryMark): Shown | undefined {
  if (entry.type === 'CHAT') return shownChat(entry, self, markOf);
  if (entry.type !== 'JOIN' && entry.type !== 'LEAVE') return undefined;
  const kind = entry.type === 'JOIN' ? 'joined' : 'left';
  return { kind, key: entry.id, from: entry.from, sentAt: entry.sentAt, seq: entry.seq };
}

function shownChat(
  entry: ChatEntry & { readonly editedAt?: number; readonly deleted?: boolean },
  self: string,
  markOf: (seq: number) => DeliveryMark,
): ShownMessage {
  const isOwn = entry.from === self;
  return {
    kind: 'message',
    key: isOwn && entry.clientId ? entry.clientId : entry.id,
    from: entry.from,
    isOwn,
    text: entry.deleted ? '' : entry.message,
    sentAt: entry.sentAt,
    seq: entry.seq,
    state: isOwn ? markOf(entry.seq) : undefined,
    isEdited: entry.editedAt !== undefined,
    isDeleted: entry.deleted === true,
    clientId: entry.clientId,
  };
}

export function shownOutboxItem(item: OutboxItem, self: string): ShownMessage {
  return {
    kind: 'message',
    key: item.clientId,
    from: self,
    isOwn: true,
    text: item.message,
    sentAt: item.createdAt,
    seq: item.seq,
    state: item.state,
    clientId: item.clientId,
    failureCode: item.failure?.code,
  };
}
