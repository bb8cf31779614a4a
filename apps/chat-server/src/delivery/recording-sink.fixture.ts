import type { LogEntry } from '../conversations/log-entry.ts';
import type { FeedSink, TruncatedRange } from './feed.ts';
import type { Signal } from './signal.ts';

/** Keeps what a feed hands over. */
export class RecordingSink implements FeedSink {
  readonly seen: string[] = [];
  readonly signals: Signal[] = [];
  readonly synced: { readonly cursors: Record<string, number>; readonly truncated: readonly TruncatedRange[] }[] = [];
  readonly failures: unknown[] = [];
  live = 0;

  onEntry(entry: LogEntry): void {
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
