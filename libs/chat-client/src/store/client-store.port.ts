import type { Cursors } from '../delivery/entry-order.ts';

/** A message that the server has not confirmed yet. */
export type OutboxRecord = {
  readonly clientId: string;
  readonly conversationId: string;
  readonly message: string;
  readonly replyTo?: number;
  /** Epoch milliseconds, rising within a tab: the order in which a conversation's messages are sent. */
  readonly createdAt: number;
  /** Why the server refused it. Such a message waits for the user, and nothing waits for it. */
  readonly failure?: { readonly code: string; readonly message: string };
};

/** What one user's client remembers on one device. All tabs of a browser share one. */
export interface ClientStore {
  /** Every message in the outbox, oldest first. */
  outbox(): Promise<readonly OutboxRecord[]>;
  /** Adds a message or replaces the one of the same `clientId`; durable once the promise is fulfilled. */
  put(record: OutboxRecord): Promise<void>;
  remove(clientId: string): Promise<void>;
  /** Called when another tab has changed the outbox. */
  onOutsideChange(listener: () => void): () => void;

  /** The furthest cursors ever saved, or `undefined` on a device that has none: a fresh one. */
  cursors(): Promise<Cursors | undefined>;
  /** Moves cursors forward; one that stands further already stays. */
  saveCursors(cursors: Cursors): Promise<void>;

  /** Forgets everything: the user has signed out. */
  clear(): Promise<void>;
  close(): void;
}

export function byCreation(a: OutboxRecord, b: OutboxRecord): number {
  return a.createdAt - b.createdAt || (a.clientId < b.clientId ? -1 : 1);
}
