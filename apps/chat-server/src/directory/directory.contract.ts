import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Directory, DirectoryListener } from './directory.port.ts';

/** Some servers that share one directory. */
export interface DirectoryCluster {
  /** The directory of a server, not started. */
  createDirectory(serverId: string): Directory;
}

/** How long what must happen may take on a busy machine. */
export const SOON = { timeout: 10_000 };

/** Notes what it is told. */
export class RecordingListener implements DirectoryListener {
  readonly ended: string[] = [];
  readonly reregistered: string[] = [];
  readonly availability: boolean[] = [];
  superseded = 0;

  onServersEnded(serverIds: readonly string[]): void {
    this.ended.push(...serverIds);
  }

  onReregistered(reason: string): void {
    this.reregistered.push(reason);
  }

  onSuperseded(): void {
    this.superseded += 1;
  }

  onAvailability(available: boolean): void {
    this.availability.push(available);
  }
}

/** What every directory promises, shown on the real thing. */
export function describeDirectoryContract(cluster: DirectoryCluster): void {
  describe('as every directory', () => {
    let started: Directory[];
    let prefix: string;
    let count = 0;

    beforeEach(() => {
      started = [];
      prefix = `contract-${(count += 1)}`;
    });
    afterEach(async () => {
      await Promise.all(started.map((directory) => directory.close()));
    });

    const idOf = (name: string): string => `${prefix}-${name}`;
    const join = async (name: string): Promise<{ directory: Directory; listener: RecordingListener }> => {
      const directory = cluster.createDirectory(idOf(name));
      const listener = new RecordingListener();
      started.push(directory);
      await directory.start(listener);
      return { directory, listener };
    };
    const usersAt = async (directory: Directory, ...users: string[]): Promise<readonly (readonly string[])[]> => {
      const found = await directory.serversOfUsers(users.map(idOf));
      return found.map((servers) => servers.map((id) => id.slice(prefix.length + 1)).sort());
    };

    test('[R1] once a user is added, every look-up by any server names the server', async () => {
      const [a, b] = [await join('a'), await join('b')];
      for (let i = 0; i < 20; i++) {
        await a.directory.addUser(idOf(`user${i}`));
        expect(await usersAt(b.directory, `user${i}`)).toEqual([['a']]);
        expect(await usersAt(a.directory, `user${i}`)).toEqual([['a']]);
      }
    });

    test('a batch is answered in the order asked, with all servers of each user and none of strangers', async () => {
      const [a, b] = [await join('a'), await join('b')];
      await Promise.all([a.directory.addUser(idOf('both')), b.directory.addUser(idOf('both'))]);
      await Promise.all([a.directory.addUser(idOf('at-a')), b.directory.addUser(idOf('at-b'))]);
      const asked = ['at-b', 'stranger', 'both', 'at-a', 'both'];
      expect(await usersAt(a.directory, ...asked)).toEqual([['b'], [], ['a', 'b'], ['a'], ['a', 'b']]);
      expect(await usersAt(a.directory)).toEqual([]);
    });

    test('adding twice is adding once, and one removal ends it', async () => {
      const { directory } = await join('a');
      await Promise.all([directory.addUser(idOf('u')), directory.addUser(idOf('u'))]);
      await directory.addUser(idOf('u'));
      expect(await usersAt(directory, 'u')).toEqual([['a']]);
      directory.removeUser(idOf('u'));
      directory.removeUser(idOf('u'));
      await expect.poll(() => usersAt(directory, 'u'), SOON).toEqual([[]]);
      expect(directory.settled).toBe(true);
    });

    test('[R2] users and rooms of one name are two things', async () => {
      const { directory } = await join('a');
      await directory.addRoom(idOf('x'));
      expect(await directory.serversOfRooms([idOf('x'), idOf('y')])).toEqual([[idOf('a')], []]);
      expect(await usersAt(directory, 'x')).toEqual([[]]);
      directory.removeRoom(idOf('x'));
      await expect.poll(() => directory.serversOfRooms([idOf('x')]), SOON).toEqual([[]]);
    });

    test('[L4] of additions and removals in a row the last one counts', async () => {
      const { directory } = await join('a');
      const added: Promise<void>[] = [];
      for (let i = 0; i < 200; i++) {
        added.push(directory.addUser(idOf('stays')), directory.addUser(idOf('leaves')));
        directory.removeUser(idOf('leaves'));
        if (i < 199) directory.removeUser(idOf('stays'));
        if (i % 20 === 0) await Promise.race([added.at(-1), new Promise((resolve) => setImmediate(resolve))]);
      }
      await Promise.all(added);
      await expect.poll(() => directory.settled, SOON).toBe(true);
      expect(await usersAt(directory, 'stays', 'leaves')).toEqual([['a'], []]);
    });

    test('[L1] a server that leaves is named no more, and the others are told that it ended', async () => {
      const [a, b] = [await join('a'), await join('b')];
      await expect.poll(() => a.directory.liveServers, SOON).toContain(idOf('b'));
      await Promise.all([b.directory.addUser(idOf('u')), a.directory.addUser(idOf('u'))]);
      await b.directory.close();
      expect(await usersAt(a.directory, 'u')).toEqual([['a']]);
      await expect.poll(() => a.listener.ended, SOON).toEqual([idOf('b')]);
      expect(a.directory.liveServers).not.toContain(idOf('b'));
      expect(a.directory.liveServers).toContain(idOf('a'));
      expect(b.listener.ended).toEqual([]);
    });

    test('[L1] a server that starts again is there without what it had', async () => {
      const [a, first] = [await join('a'), await join('b')];
      await first.directory.addUser(idOf('old'));
      await first.directory.close();
      const second = await join('b');
      await second.directory.addUser(idOf('new'));
      expect(await usersAt(a.directory, 'old', 'new')).toEqual([[], ['b']]);
    });

    test('[L3] a second process under the same id is refused, and does not disturb the first', async () => {
      const first = await join('a');
      await first.directory.addUser(idOf('u'));
      const second = cluster.createDirectory(idOf('a'));
      await expect(second.start(new RecordingListener())).rejects.toMatchObject({ name: 'LeaseHeld' });
      await second.close();
      await first.directory.leaseConfirmed();
      expect(await usersAt(first.directory, 'u')).toEqual([['a']]);
      expect(first.listener).toMatchObject({ superseded: 0, reregistered: [], ended: [] });
    });

    test('[C2] the lease is confirmed on request', async () => {
      const { directory } = await join('a');
      await Promise.all([directory.leaseConfirmed(), directory.leaseConfirmed()]);
      await directory.leaseConfirmed();
    });

    test('it is available from start to close, and says so', async () => {
      const { directory, listener } = await join('a');
      expect(directory.available).toBe(true);
      await directory.close();
      expect(directory.available).toBe(false);
      await expect.poll(() => listener.availability, SOON).toEqual([true, false]);
      await expect(directory.addUser(idOf('late'))).rejects.toMatchObject({ name: 'DirectoryUnavailable' });
    });
  });
}
