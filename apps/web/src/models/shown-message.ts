import type { DeliveryMark, OutboxItem } from '@chat/chat-client';
import type { ChatEntry, Entry, Reaction } from '@chat/protocol';

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
  readonly quote?: ShownQuote;
  /** Who wrote it first, of a message that was passed on. */
  readonly forwardedFrom?: string;
  /** Who is named in the text: ids, and `@room`. */
  readonly mentions?: readonly string[];
  readonly reactions?: readonly Reaction[];
  /** In rooms, of one's own messages: how many have not read it; `undefined` where nobody has said. */
  readonly notRead?: number;
  readonly clientId?: string;
  /** Why it was refused. */
  readonly failureCode?: string;
};

/** What a message replies to: its text only where it is loaded. */
export type ShownQuote = { readonly seq: number; readonly from?: string; readonly text?: string };

/** Someone came or went. */
export type ShownEvent = {
  readonly kind: 'joined' | 'left';
  readonly key: string;
  readonly from: string;
  /** Who did it, if it was someone else. */
  readonly by?: string;
  readonly sentAt: number;
  readonly seq: number;
};

export type Shown = ShownMessage | ShownEvent;

export type ShownSources = {
  readonly self: string;
  readonly markOf: (seq: number) => DeliveryMark;
  /** How many have not read an own message, in rooms where that is known. */
  readonly notReadOf: (seq: number) => number | undefined;
  readonly entryAt: (seq: number) => Entry | undefined;
};

export function shownEntry(entry: Entry, sources: ShownSources): Shown | undefined {
  if (entry.type === 'CHAT') return shownChat(entry, sources);
  if (entry.type !== 'JOIN' && entry.type !== 'LEAVE') return undefined;
  const kind = entry.type === 'JOIN' ? 'joined' : 'left';
  return { kind, key: entry.id, from: entry.from, by: entry.by, sentAt: entry.sentAt, seq: entry.seq };
}

function shownChat(entry: ChatEntry, { self, markOf, notReadOf, entryAt }: ShownSources): ShownMessage {
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
    quote: entry.replyTo === undefined ? undefined : quoteOf(entry.replyTo, entryAt),
    forwardedFrom: entry.deleted ? undefined : entry.forwardedFrom?.from,
    mentions: entry.mentions,
    reactions: entry.deleted ? undefined : entry.reactions,
    notRead: isOwn && !entry.deleted ? lesser(notReadOf(entry.seq), entry.notRead) : undefined,
    clientId: entry.clientId,
  };
}

/** Both count down only: the one knows what came since, the other also those who don't tell what they have read. */
function lesser(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function quoteOf(seq: number, entryAt: (seq: number) => Entry | undefined): ShownQuote {
  const entry = entryAt(seq);
  return entry?.type === 'CHAT' ? { seq, from: entry.from, text: entry.deleted ? '' : entry.message } : { seq };
}

export function shownOutboxItem(item: OutboxItem, { self, entryAt }: ShownSources): ShownMessage {
  return {
    kind: 'message',
    key: item.clientId,
    from: self,
    isOwn: true,
    text: item.message,
    sentAt: item.createdAt,
    seq: item.seq,
    state: item.state,
    quote: item.replyTo === undefined ? undefined : quoteOf(item.replyTo, entryAt),
    clientId: item.clientId,
    failureCode: item.failure?.code,
  };
}
