import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClientStore, OutboxRecord } from './client-store.port.ts';

function record(clientId: string, createdAt: number): OutboxRecord {
  return { clientId, conversationId: 'direct:anna:ben', message: clientId, createdAt };
}

/** What every store keeps to. `open` opens the same user's store again, as a reload does. */
export function clientStoreContract(name: string, open: () => Promise<ClientStore>): void {
  describe(name, () => {
    let store: ClientStore;
    beforeEach(async () => {
      store = await open();
      await store.clear();
    });
    afterEach(() => store.close());

    test('messages come oldest first, each once', async () => {
      for (const [id, at] of [['c', 30], ['a', 10], ['b', 20]] as const) await store.put(record(id, at));
      await store.put({ ...record('b', 20), failure: { code: 'forbidden', message: 'No.' } });
      expect((await store.outbox()).map(({ clientId, failure }) => [clientId, failure?.code])).toEqual([
        ['a', undefined],
        ['b', 'forbidden'],
        ['c', undefined],
      ]);
    });

    test('what is removed is gone; removing it again does nothing', async () => {
      await store.put(record('a', 1));
      await store.remove('a');
      await store.remove('a');
      expect(await store.outbox()).toEqual([]);
    });

    test('cursors move forward only', async () => {
      await store.saveCursors({ x: 5, y: 1 });
      await store.saveCursors({ x: 3, y: 2 });
      expect(await store.cursors()).toEqual({ x: 5, y: 2 });
    });

    test('a store that never saved cursors knows none; one that saved no conversation knows that there is none', async () => {
      expect(await store.cursors()).toBeUndefined();
      await store.saveCursors({});
      expect(await store.cursors()).toEqual({});
    });

    test('clear forgets everything', async () => {
      await store.put(record('a', 1));
      await store.saveCursors({ x: 1 });
      await store.clear();
      expect(await store.outbox()).toEqual([]);
      expect(await store.cursors()).toBeUndefined();
    });
  });
}
