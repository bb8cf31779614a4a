import type { OutboxItem } from '@chat/chat-client';
import type { ConversationSummary } from '@chat/protocol';
import { peerOf } from './identifiers.ts';
import type { Person } from './people.ts';

/** What the list shows of a conversation. */
export type ConversationRow = {
  readonly conversationId: string;
  readonly name: string;
  /** The other one, in direct conversations. */
  readonly peerId: string | undefined;
  readonly isOnline: boolean;
  readonly preview: Preview;
  /** What has been written and not sent; '' where there is nothing. */
  readonly draft: string;
  /** When the last thing happened, epoch milliseconds. */
  readonly at: number | undefined;
  readonly unread: number;
  readonly isMuted: boolean;
  /** The other one's account is gone. */
  readonly isDeleted: boolean;
};

export type Preview =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'typing'; readonly by: readonly string[] }
  | { readonly kind: 'message'; readonly text: string; readonly from: string; readonly isOwn: boolean; readonly isDeleted: boolean }
  | { readonly kind: 'pending' | 'failed'; readonly text: string };

/** What is known of a conversation: what the server told, kept up with what came since. */
export type KnownConversation = Pick<
  ConversationSummary,
  'conversationId' | 'lastSeq' | 'readSeq' | 'unread' | 'last' | 'name' | 'joinedAt' | 'mutedUntil'
>;

export type RowSources = {
  readonly self: string;
  readonly person: (id: string) => Person;
  readonly outbox: (conversationId: string) => readonly OutboxItem[];
  readonly typing: (conversationId: string) => readonly string[];
  readonly draft: (conversationId: string) => string;
};

export function rowOf(known: KnownConversation, sources: RowSources): ConversationRow {
  const { conversationId, last, unread } = known;
  const peerId = peerOf(conversationId, sources.self);
  const peer = peerId === undefined ? undefined : sources.person(peerId);
  const waiting = sources.outbox(conversationId).filter((item) => item.state !== 'stored').at(-1);
  return {
    conversationId,
    name: peer?.name ?? known.name ?? conversationId,
    peerId,
    isOnline: peer?.online ?? false,
    preview: previewOf(known, waiting, sources),
    draft: sources.draft(conversationId).trim(),
    at: waiting?.createdAt ?? last?.sentAt ?? known.joinedAt,
    unread,
    isMuted: (known.mutedUntil ?? 0) > Date.now(),
    isDeleted: peer?.isDeleted ?? false,
  };
}

function previewOf({ conversationId, last }: KnownConversation, waiting: OutboxItem | undefined, sources: RowSources): Preview {
  const by = sources.typing(conversationId);
  if (by.length > 0) return { kind: 'typing', by };
  if (waiting) return { kind: waiting.state === 'failed' ? 'failed' : 'pending', text: waiting.message };
  if (!last) return { kind: 'nothing' };
  const isDeleted = (last as { deleted?: boolean }).deleted === true; // stands there in history's form of an entry
  return { kind: 'message', text: last.message, from: last.from, isOwn: last.from === sources.self, isDeleted };
}
