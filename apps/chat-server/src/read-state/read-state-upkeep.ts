import type { CursorStore } from '../conversations/cursor-store.port.ts';
import type { LogEntry } from '../conversations/log-entry.ts';
import { StoreUnavailable } from '../conversations/message-store.port.ts';

/** Entries are counted by the thousand, for unread counts of long logs. */
const BLOCK = 1_000;
const CLEAN_MS = 60_000;

/** What read state needs done beside the messages: nothing waits for it, and whatever it misses is made up when read. */
export class ReadStateUpkeep {
  readonly #store: CursorStore;
  readonly #onDefect: (error: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  #closed = false;

  constructor(store: CursorStore, onDefect: (error: unknown) => void) {
    this.#store = store;
    this.#onDefect = onDefect;
    this.#timer = setInterval(() => void this.#try(() => this.#store.clean()), CLEAN_MS);
    this.#timer.unref();
  }

  /** Entries that this server has stored. */
  onCommitted(entries: readonly LogEntry[]): void {
    for (const { seq, conversationNo } of entries) {
      if (seq % BLOCK === 0) void this.#try(() => this.#store.countBlock(conversationNo, seq));
    }
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  async #try(work: () => Promise<void>): Promise<void> {
    if (this.#closed) return;
    try {
      await work();
    } catch (error) {
      // Later, or by whoever reads.
      if (!(error instanceof StoreUnavailable)) this.#onDefect(error);
    }
  }
}
