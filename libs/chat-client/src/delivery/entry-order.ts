import type { Entry, SyncedSignal } from '@chat/protocol';

export type Cursors = Readonly<Record<string, number>>;

/** Entries that this client will not be sent, because the gap was longer than the sync's limit: read them as history. */
export type Truncated = { readonly conversationId: string; readonly from: number; readonly to: number };

export interface EntryOrderListener {
  /** Once for each entry, by rising `seq` within its conversation. */
  inOrder(entry: Entry): void;
  truncated(gap: Truncated): void;
  /** Something is missing: what was passed on is told by `cursors`. Called once until the next SYNCED. */
  missing(): void;
}

/**
 * Brings what arrives into order: each entry of a conversation once, none before its predecessor. An entry that comes
 * too early waits for the sync that its coming asks for.
 */
export class EntryOrder {
  readonly #self: string;
  readonly #listener: EntryOrderListener;
  readonly #cursors = new Map<string, number>();
  readonly #early = new Map<string, Map<number, Entry>>();
  #syncing = false;

  constructor(self: string, cursors: Cursors | undefined, listener: EntryOrderListener) {
    this.#self = self;
    this.#listener = listener;
    for (const [conversationId, seq] of Object.entries(cursors ?? {})) this.#cursors.set(conversationId, seq);
  }

  /** The last `seq` passed on of each conversation. */
  get cursors(): Cursors {
    return Object.fromEntries(this.#cursors);
  }

  cursorOf(conversationId: string): number {
    return this.#cursors.get(conversationId) ?? 0;
  }

  /** A sync has been asked for: until SYNCED, gaps are no news. */
  syncStarted(): void {
    this.#syncing = true;
  }

  entry(entry: Entry): void {
    const cursor = this.#cursors.get(entry.conversationId) ?? 0;
    if (entry.seq <= cursor) return;
    if (entry.seq === cursor + 1 || (!this.#syncing && this.#isOwnJoin(entry))) {
      this.#passOn(entry);
      this.#passOnEarly(entry.conversationId);
      return;
    }
    this.#keepEarly(entry);
    if (this.#syncing) return;
    this.#syncing = true;
    this.#listener.missing();
  }

  /** The sync is over: what is missing now will not come, and what has waited for it is passed on. */
  synced(synced: SyncedSignal): void {
    this.#syncing = false;
    const truncated = new Map((synced.truncated ?? []).map((gap) => [gap.conversationId, gap]));
    for (const gap of truncated.values()) this.#listener.truncated(gap);
    for (const conversationId of [...this.#early.keys()]) this.#passOnAllEarly(conversationId);
    for (const [conversationId, seq] of Object.entries(synced.cursors)) {
      if (seq > (this.#cursors.get(conversationId) ?? -1)) this.#cursors.set(conversationId, seq);
    }
  }

  /** Between one's own LEAVE and JOIN lie entries that one may not read: the jump is right. */
  #isOwnJoin(entry: Entry): boolean {
    return entry.type === 'JOIN' && entry.from === this.#self;
  }

  #keepEarly(entry: Entry): void {
    const early = this.#early.get(entry.conversationId) ?? new Map<number, Entry>();
    this.#early.set(entry.conversationId, early);
    early.set(entry.seq, entry);
  }

  #passOn(entry: Entry): void {
    this.#cursors.set(entry.conversationId, entry.seq);
    this.#listener.inOrder(entry);
  }

  #passOnEarly(conversationId: string): void {
    const early = this.#early.get(conversationId);
    if (!early) return;
    for (;;) {
      const next = early.get((this.#cursors.get(conversationId) ?? 0) + 1);
      if (!next) break;
      this.#passOn(next);
    }
    const cursor = this.#cursors.get(conversationId) ?? 0;
    for (const seq of early.keys()) if (seq <= cursor) early.delete(seq);
    if (early.size === 0) this.#early.delete(conversationId);
  }

  #passOnAllEarly(conversationId: string): void {
    const early = [...(this.#early.get(conversationId)?.values() ?? [])].sort((a, b) => a.seq - b.seq);
    this.#early.delete(conversationId);
    const cursor = this.#cursors.get(conversationId) ?? 0;
    for (const entry of early) if (entry.seq > cursor) this.#passOn(entry);
  }
}
