import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Cursors } from '../delivery/entry-order.ts';
import { byCreation, type ClientStore, type OutboxRecord } from './client-store.port.ts';

interface ChatSchema extends DBSchema {
  outbox: { key: string; value: OutboxRecord };
  cursors: { key: string; value: number };
  facts: { key: 'device-is-known'; value: true };
}

/** In IndexedDB, one database a user: survives a reload, and every tab sees the same. */
export class IndexedDbClientStore implements ClientStore {
  readonly #database: IDBPDatabase<ChatSchema>;
  readonly #channel: BroadcastChannel;

  private constructor(database: IDBPDatabase<ChatSchema>, channel: BroadcastChannel) {
    this.#database = database;
    this.#channel = channel;
  }

  static async open(userId: string): Promise<IndexedDbClientStore> {
    const name = `chat.${userId}`;
    const database = await openDB<ChatSchema>(name, 1, {
      upgrade: (created) => {
        created.createObjectStore('outbox', { keyPath: 'clientId' });
        created.createObjectStore('cursors');
        created.createObjectStore('facts');
      },
      // A newer version of the app in another tab may upgrade: this tab goes on from memory.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase | null)?.close(),
    });
    return new IndexedDbClientStore(database, new BroadcastChannel(name));
  }

  async outbox(): Promise<readonly OutboxRecord[]> {
    return (await this.#database.getAll('outbox')).sort(byCreation);
  }

  async put(record: OutboxRecord): Promise<void> {
    await this.#database.put('outbox', record);
    this.#tellOtherTabs();
  }

  async remove(clientId: string): Promise<void> {
    await this.#database.delete('outbox', clientId);
    this.#tellOtherTabs();
  }

  onOutsideChange(listener: () => void): () => void {
    this.#channel.addEventListener('message', listener);
    return () => this.#channel.removeEventListener('message', listener);
  }

  async cursors(): Promise<Cursors | undefined> {
    const transaction = this.#database.transaction(['facts', 'cursors']);
    if (!(await transaction.objectStore('facts').get('device-is-known'))) return undefined;
    const cursors = transaction.objectStore('cursors');
    const [keys, values] = await Promise.all([cursors.getAllKeys(), cursors.getAll()]);
    return Object.fromEntries(keys.map((key, index) => [key, values[index] ?? 0]));
  }

  async saveCursors(cursors: Cursors): Promise<void> {
    const transaction = this.#database.transaction(['facts', 'cursors'], 'readwrite');
    const store = transaction.objectStore('cursors');
    await transaction.objectStore('facts').put(true, 'device-is-known');
    for (const [conversationId, seq] of Object.entries(cursors)) {
      if (((await store.get(conversationId)) ?? -1) < seq) await store.put(seq, conversationId);
    }
    await transaction.done;
  }

  async clear(): Promise<void> {
    const transaction = this.#database.transaction(['outbox', 'cursors', 'facts'], 'readwrite');
    await Promise.all([
      transaction.objectStore('outbox').clear(),
      transaction.objectStore('cursors').clear(),
      transaction.objectStore('facts').clear(),
      transaction.done,
    ]);
    this.#tellOtherTabs();
  }

  close(): void {
    this.#channel.close();
    this.#database.close();
  }

  #tellOtherTabs(): void {
    this.#channel.postMessage(null);
  }
}
