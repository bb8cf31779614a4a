import 'fake-indexeddb/auto';
import { expect, test, vi } from 'vitest';
import { clientStoreContract } from './client-store.contract.ts';
import { IndexedDbClientStore } from './client-store.indexeddb.ts';

clientStoreContract('IndexedDB', () => IndexedDbClientStore.open('anna'));

test('what was put survives a reload, and is the user\'s own', async () => {
  const before = await IndexedDbClientStore.open('carl');
  await before.put({ clientId: 'a', conversationId: 'direct:ben:carl', message: 'kept', createdAt: 1 });
  await before.saveCursors({ 'direct:ben:carl': 7 });
  before.close();
  const after = await IndexedDbClientStore.open('carl');
  expect(await after.outbox()).toMatchObject([{ message: 'kept' }]);
  expect(await after.cursors()).toEqual({ 'direct:ben:carl': 7 });
  const other = await IndexedDbClientStore.open('dora');
  expect(await other.outbox()).toEqual([]);
  after.close();
  other.close();
});

test('another tab hears of a change', async () => {
  const [here, there] = [await IndexedDbClientStore.open('emil'), await IndexedDbClientStore.open('emil')];
  const heard = vi.fn();
  there.onOutsideChange(heard);
  await here.put({ clientId: 'a', conversationId: 'direct:ben:emil', message: 'x', createdAt: 1 });
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1));
  here.close();
  there.close();
});
