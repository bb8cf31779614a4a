import type { LogEntry } from '../conversations/log-entry.ts';
import type { Feed } from './feed.ts';
import type { Gate } from './gate.ts';
import type { Signal } from './signal.ts';

/** A user with at least one feed on this server, or had one moments ago. */
export class LocalUser {
  readonly userNo: number;
  readonly userId: string;
  readonly feeds = new Set<Feed>();
  /** The gates of all conversations that the feeds know; each with the seq after which what passed it came here. */
  readonly gates = new Map<Gate, number>();

  constructor(userNo: number, userId: string) {
    this.userNo = userNo;
    this.userId = userId;
  }

  /** Has a feed that has begun to read. One that has not takes everything from the log when it does, and needs no gate. */
  get isListening(): boolean {
    for (const feed of this.feeds) if (feed.begun) return true;
    return false;
  }

  onEntry(entry: LogEntry): void {
    for (const feed of this.feeds) feed.onEntry(entry);
  }

  onSignal(signal: Signal): void {
    for (const feed of this.feeds) feed.onSignal(signal);
  }
}
