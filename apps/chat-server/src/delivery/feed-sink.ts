import type { Conversation, LogEntry } from '../conversations/log-entry.ts';
import type { ConversationPosition } from '../conversations/message-store.port.ts';
import type { TruncatedRange } from './feed-start.ts';
import type { Signal } from './signal.ts';

/** Where a feed's entries go: a subscription to `/user/queue/messages`. */
export interface FeedSink {
  /** Entries that may be handed over now: not endless where each has to be acknowledged. */
  readonly room: number;
  /** Calls back once there is room again. The last call counts. */
  whenRoom(callback: () => void): void;
  onEntry(entry: LogEntry): void;
  onSignal(signal: Signal): void;
  /** All that was missed has been handed over; `cursors` say where each conversation stands. */
  onSynced(cursors: Record<string, number>, truncated: readonly TruncatedRange[]): void;
  /** From now on everything comes as it happens. */
  onLive(): void;
  /** Resolves when what was handed over has mostly left; at once if little waits. */
  drained(): Promise<void>;
  /** The feed cannot go on (the store refused in a way that waiting does not mend). */
  onFailed(error: unknown): void;
}

/** What a feed reads when it goes live. */
export interface FeedSource {
  /** The user's conversations as of one moment after the call, a row for each membership. Waits while the store is away. */
  positions(): Promise<readonly ConversationPosition[]>;
  /** READ and DELIVERED of the others in these conversations. */
  cursorSignals(conversations: readonly Conversation[]): Promise<readonly Signal[]>;
}
