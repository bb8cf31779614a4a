import type { Cursors } from '../delivery/entry-order.ts';
import { byCreation, type ClientStore, type OutboxRecord } from './client-store.port.ts';

/** Lives as long as the process: for Node, and for browsers that keep nothing. */
export class MemoryClientStore implements ClientStore {
  readonly #records = new Map<string, OutboxRecord>();
  #cursors: Map<string, number> | undefined;

  async outbox(): Promise<readonly OutboxRecord[]> {
    return Promise.resolve([...this.#records.values()].sort(byCreation));
  }

  async put(record: OutboxRecord): Promise<void> {
    this.#records.set(record.clientId, record);
    return Promise.resolve();
  }

  async remove(clientId: string): Promise<void> {
    this.#records.delete(clientId);
    return Promise.resolve();
  }

  onOutsideChange(): () => void {
    return () => undefined;
  }

  async cursors(): Promise<Cursors | undefined> {
    return Promise.resolve(this.#cursors && Object.fromEntries(this.#cursors));
  }

  async saveCursors(cursors: Cursors): Promise<void> {
    this.#cursors ??= new Map();
    for (const [conversationId, seq] of Object.entries(cursors)) {
      this.#cursors.set(conversationId, Math.max(seq, this.#cursors.get(conversationId) ?? 0));
    }
    return Promise.resolve();
  }

  async clear(): Promise<void> {
    this.#records.clear();
    this.#cursors = undefined;
    return Promise.resolve();
  }

  close(): void {
    // Nothing is held open.
  }
}
