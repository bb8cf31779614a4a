import type { ChatMessage, DeliveredSignal, Entry, NotReadSignal, PeerCursor, ReadSignal, SyncedSignal } from '@chat/protocol';
import type { ClientEvents } from '../client-events.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import type { Events } from '../platform/events.ts';
import { TypingNow } from '../signals/typing-now.ts';
import type { ClientStore } from '../store/client-store.port.ts';
import { type Cursors, EntryOrder } from './entry-order.ts';
import { MemberCursors } from './member-cursors.ts';
import { Syncing } from './syncing.ts';

export type InboxParts = {
  readonly userId: string;
  readonly cursors: Cursors | undefined;
  readonly syncLimit: number | undefined;
  readonly store: Pick<ClientStore, 'saveCursors'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly events: Events<ClientEvents>;
  readonly onFault: (fault: unknown) => void;
  readonly requestSync: ConstructorParameters<typeof Syncing>[0]['send'];
  /** An own message is an entry now. */
  readonly onOwnEntry: (clientId: string, seq: number) => void;
  /** Everything missed has been passed on; before anyone else hears of it. */
  readonly onSynced: (cursors: Cursors) => void;
};

/** Saving each cursor as it moves would write to disk for every message of a busy room. */
const SAVE_CURSORS_AFTER_MS = 1_000;

/** What the server delivers: entries in order and once, what was missed by a sync, and how far everybody has got. */
export class Inbox {
  readonly memberCursors = new MemberCursors();
  readonly typingNow: TypingNow;
  readonly #parts: InboxParts;
  readonly #order: EntryOrder;
  readonly #syncing: Syncing;
  #cancelSaving: CancelTimer | undefined;

  constructor(parts: InboxParts) {
    const { clock, random, events } = parts;
    this.#parts = parts;
    this.typingNow = new TypingNow(clock, (conversationId) => events.emit('typing', { conversationId }));
    this.#order = new EntryOrder(parts.userId, parts.cursors, {
      inOrder: (entry) => this.#inOrder(entry),
      truncated: (gap) => {
        this.memberCursors.missed(gap.conversationId);
        events.emit('truncated', gap);
      },
      missing: () => this.#syncing.start(),
    });
    this.#syncing = new Syncing({
      clock,
      random,
      limit: parts.syncLimit,
      isFresh: parts.cursors === undefined,
      cursors: () => this.#order.cursors,
      send: parts.requestSync,
      started: () => this.#order.syncStarted(),
    });
  }

  /** Whether this device has never been synced. */
  get isFresh(): boolean {
    return this.#syncing.isFresh;
  }

  /** The last `seq` passed on. */
  cursorOf(conversationId: string): number {
    return this.#order.cursorOf(conversationId);
  }

  /** There is a connection: what was missed is asked for. */
  opened(): void {
    this.#syncing.start();
  }

  lost(): void {
    this.#syncing.connectionLost();
    this.typingNow.clear();
    this.saveCursors();
  }

  syncRefused(retryAfterMs: number | undefined): void {
    this.#syncing.refused(retryAfterMs);
  }

  deliver(message: ChatMessage): void {
    switch (message.type) {
      case 'TYPING':
        return this.typingNow.heard(message.conversationId, message.from, message.typing);
      case 'READ':
      case 'DELIVERED':
        return this.#cursorMoved(message);
      case 'PRESENCE':
        if (!message.online) this.typingNow.left(message.from);
        return this.#parts.events.emit('presence', { userId: message.from, online: message.online, lastSeen: message.lastSeen });
      case 'SYNCED':
        return this.#synced(message);
      default:
        return this.#order.entry(message);
    }
  }

  learnCursors(conversationId: string, cursors: readonly PeerCursor[], members: number | undefined): void {
    if (this.memberCursors.learn(conversationId, cursors, members)) this.#parts.events.emit('cursors', { conversationId });
  }

  saveCursors(): void {
    this.#cancelSaving?.();
    this.#cancelSaving = undefined;
    // Before the first SYNCED a fresh device stays one: it knows no cursors to go on from.
    if (!this.isFresh) this.#parts.store.saveCursors(this.#order.cursors).catch(this.#parts.onFault);
  }

  #cursorMoved(signal: ReadSignal | NotReadSignal | DeliveredSignal): void {
    if (this.memberCursors.signal(signal)) this.#parts.events.emit('cursors', { conversationId: signal.conversationId });
  }

  #inOrder(entry: Entry): void {
    this.typingNow.heard(entry.conversationId, entry.from, false);
    // Who came and went before one's own JOIN has not been told.
    if (entry.type === 'JOIN' && entry.from === this.#parts.userId) this.memberCursors.missed(entry.conversationId);
    this.memberCursors.membership(entry);
    this.#cancelSaving ??= this.#parts.clock.after(SAVE_CURSORS_AFTER_MS, () => this.saveCursors());
    this.#parts.events.emit('entry', entry);
    // After the event: who shows both sees the entry before its outbox item goes.
    const isOwn = entry.type === 'CHAT' && entry.from === this.#parts.userId;
    if (isOwn && entry.clientId) this.#parts.onOwnEntry(entry.clientId, entry.seq);
  }

  #synced(synced: SyncedSignal): void {
    this.#syncing.finished();
    this.#order.synced(synced);
    this.#parts.onSynced(this.#order.cursors);
    this.saveCursors();
    this.#parts.events.emit('synced', synced);
  }
}
