import type { LogEntry } from '../conversations/log-entry.ts';
import type { FeedSink, TruncatedRange } from './feed.ts';
import type { Signal } from './signal.ts';

/** A reader that acknowledges: so many entries may wait for it, each for so long (ms). */
export type Acknowledging = { readonly window: number; readonly after: () => number };

/** Room for entries that are acknowledged after a while. */
export class TimedWindow {
  readonly #reader: Acknowledging | undefined;
  #waiting = 0;
  #onRoom: (() => void) | undefined;
  /** The most that waited. */
  most = 0;

  constructor(reader: Acknowledging | undefined) {
    this.#reader = reader;
  }

  get room(): number {
    return this.#reader === undefined ? Infinity : this.#reader.window - this.#waiting;
  }

  whenRoom(callback: () => void): void {
    this.#onRoom = callback;
    this.#tell();
  }

  onEntry(): void {
    if (this.#reader === undefined) return;
    this.most = Math.max(this.most, ++this.#waiting);
    setTimeout(() => {
      this.#waiting--;
      this.#tell();
    }, this.#reader.after());
  }

  #tell(): void {
    if (this.#onRoom === undefined || this.#reader === undefined || this.#waiting * 2 > this.#reader.window) return;
    queueMicrotask(this.#onRoom);
    this.#onRoom = undefined;
  }
}

/** Keeps what a feed hands over. */
export class RecordingSink implements FeedSink {
  readonly seen: string[] = [];
  readonly signals: Signal[] = [];
  readonly synced: { readonly cursors: Record<string, number>; readonly truncated: readonly TruncatedRange[] }[] = [];
  readonly failures: unknown[] = [];
  readonly window: TimedWindow;
  live = 0;

  constructor(acknowledging?: Acknowledging) {
    this.window = new TimedWindow(acknowledging);
  }

  get room(): number {
    return this.window.room;
  }

  whenRoom(callback: () => void): void {
    this.window.whenRoom(callback);
  }

  onEntry(entry: LogEntry): void {
    this.window.onEntry();
    this.seen.push(`${entry.conversationId}/${entry.seq}`);
  }

  onSignal(signal: Signal): void {
    this.signals.push(signal);
  }

  onSynced(cursors: Record<string, number>, truncated: readonly TruncatedRange[]): void {
    this.synced.push({ cursors, truncated });
    this.seen.push('SYNCED');
  }

  onLive(): void {
    this.live++;
  }

  drained(): Promise<void> {
    return Promise.resolve();
  }

  onFailed(error: unknown): void {
    this.failures.push(error);
  }
}
