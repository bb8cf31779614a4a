import { byCreation, type ClientStore, type OutboxRecord } from '../store/client-store.port.ts';
import { itemOf, type OutboxItem } from './outbox-item.ts';

/**
 * The outbox's items as this tab knows them: what the store holds, and what has happened since. A store that fails is
 * reported; the items live on in memory.
 */
export class OutboxItems {
  readonly #store: ClientStore;
  readonly #onChange: (conversationId: string) => void;
  readonly #onFault: (fault: unknown) => void;
  readonly #items = new Map<string, OutboxItem>();
  /** Items that the store is known to hold: if one of them is gone there, another tab has dealt with it. */
  readonly #inStore = new Set<string>();
  /** Gone, and perhaps not from the store yet: a reload must not bring them back. */
  readonly #gone = new Set<string>();

  constructor(store: ClientStore, onChange: (conversationId: string) => void, onFault: (fault: unknown) => void) {
    this.#store = store;
    this.#onChange = onChange;
    this.#onFault = onFault;
  }

  of(conversationId: string): OutboxItem[] {
    return [...this.#items.values()].filter((item) => item.conversationId === conversationId).sort(byCreation);
  }

  find(clientId: string): OutboxItem | undefined {
    return this.#items.get(clientId);
  }

  conversations(): Set<string> {
    return new Set([...this.#items.values()].filter((item) => item.state === 'pending').map((item) => item.conversationId));
  }

  firstPending(conversationId: string): OutboxRecord | undefined {
    const item = this.of(conversationId).find(({ state }) => state === 'pending');
    return item && recordOf(item);
  }

  async put(record: OutboxRecord): Promise<void> {
    this.#items.set(record.clientId, itemOf(record));
    this.#onChange(record.conversationId);
    await this.#attempt(async () => {
      await this.#store.put(record);
      this.#inStore.add(record.clientId);
    });
  }

  /** Confirmed by the server: nothing is left to repeat. The item stays in sight until its entry comes. */
  stored(clientId: string, seq: number): void {
    const item = this.#items.get(clientId);
    if (!item) return;
    this.#items.set(clientId, itemOf(recordOf(item), seq));
    this.#onChange(item.conversationId);
    this.#removeFromStore(clientId);
  }

  /** Stored items whose entry will not come to this client, because its cursor has passed them. */
  passed(conversationId: string, cursor: number): void {
    for (const item of this.of(conversationId)) {
      if (item.state === 'stored' && (item.seq ?? 0) <= cursor) this.remove(item.clientId);
    }
  }

  remove(clientId: string): void {
    const item = this.#items.get(clientId);
    if (!item) return;
    this.#items.delete(clientId);
    this.#onChange(item.conversationId);
    if (item.state !== 'stored') this.#removeFromStore(clientId);
  }

  async reload(): Promise<void> {
    await this.#attempt(async () => {
      const inStore = new Set(this.#inStore); // what is put while the store is being read may be missing in its answer
      const records = new Map((await this.#store.outbox()).map((record) => [record.clientId, record]));
      const changed = new Set([...this.#takeOver(records), ...this.#dropMissing(records, inStore)]);
      for (const conversationId of changed) this.#onChange(conversationId);
    });
  }

  #takeOver(records: ReadonlyMap<string, OutboxRecord>): string[] {
    const changed: string[] = [];
    for (const record of records.values()) {
      const known = this.#items.get(record.clientId);
      if (this.#gone.has(record.clientId) || known?.state === 'stored') continue;
      const item = itemOf(record);
      if (known?.state !== item.state) changed.push(record.conversationId);
      this.#items.set(record.clientId, item);
      this.#inStore.add(record.clientId);
    }
    return changed;
  }

  #dropMissing(records: ReadonlyMap<string, OutboxRecord>, inStore: ReadonlySet<string>): string[] {
    const changed: string[] = [];
    for (const item of [...this.#items.values()]) {
      const dealtWithElsewhere = item.state !== 'stored' && inStore.has(item.clientId) && !records.has(item.clientId);
      if (!dealtWithElsewhere) continue;
      this.#items.delete(item.clientId);
      this.#inStore.delete(item.clientId);
      changed.push(item.conversationId);
    }
    return changed;
  }

  #removeFromStore(clientId: string): void {
    this.#inStore.delete(clientId);
    this.#gone.add(clientId);
    void this.#attempt(() => this.#store.remove(clientId));
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (fault) {
      this.#onFault(fault);
    }
  }
}

function recordOf(item: OutboxItem): OutboxRecord {
  const { clientId, conversationId, message, replyTo, createdAt, failure } = item;
  return {
    clientId,
    conversationId,
    message,
    createdAt,
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(failure ? { failure } : {}),
  };
}
