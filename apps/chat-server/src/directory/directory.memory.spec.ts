import { expect, test } from 'vitest';
import { describeDirectoryContract, RecordingListener, SOON } from './directory.contract.ts';
import { MemoryDirectory, MemoryRegistry } from './directory.memory.ts';

const shared = new MemoryRegistry();
describeDirectoryContract({ createDirectory: (serverId) => new MemoryDirectory({ serverId, registry: shared }) });

test('a server that is alone needs no registry', async () => {
  const directory = new MemoryDirectory({ serverId: 'alone' });
  await directory.start(new RecordingListener());
  await directory.addUser('u');
  expect(await directory.serversOfUsers(['u'])).toEqual([['alone']]);
  expect(directory.liveServers).toEqual(['alone']);
  await directory.close();
});

test('[L2] a lost lease ends the server for the others, and it is in again with all it wants', async () => {
  const registry = new MemoryRegistry();
  const [a, b] = ['a', 'b'].map((serverId) => new MemoryDirectory({ serverId, registry }));
  if (a === undefined || b === undefined) throw new Error('unreachable');
  const [byA, byB] = [new RecordingListener(), new RecordingListener()];
  await a.start(byA);
  await b.start(byB);
  await a.addUser('u');
  await a.addRoom('r');
  registry.loseLease('a');
  await expect.poll(() => byA.reregistered, SOON).toEqual(['lease lost']);
  expect(byB.ended).toEqual(['a']);
  expect(await b.serversOfUsers(['u'])).toEqual([['a']]);
  expect(await b.serversOfRooms(['r'])).toEqual([['a']]);
  expect(byA.availability).toEqual([true, false, true]);
});

test('[L3] a superseded server is told, and is named no more', async () => {
  const registry = new MemoryRegistry();
  const directory = new MemoryDirectory({ serverId: 'a', registry });
  const listener = new RecordingListener();
  await directory.start(listener);
  await directory.addUser('u');
  registry.supersede('a');
  await expect.poll(() => listener.superseded, SOON).toBe(1);
  expect(await directory.serversOfUsers(['u'])).toEqual([[]]);
  await expect(directory.addUser('v')).rejects.toMatchObject({ name: 'DirectoryUnavailable' });
});
