import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { describeDirectoryContract, RecordingListener } from './directory.contract.ts';
import { MENDED, RedisFixture } from './redis.fixture.ts';
import { SCRIPTS } from './redis-scripts.ts';

const NEVER = 3_600_000;
let fixture: RedisFixture;

beforeAll(async () => (fixture = await RedisFixture.start()), 60_000);
afterAll(() => fixture.stop(), 30_000);
afterEach(async () => {
  await fixture.closeServers();
  await fixture.admin.flushall();
});

describe('Redis', () => {
  describeDirectoryContract({ createDirectory: (serverId) => fixture.createDirectory(serverId) });
});

describe('start', () => {
  test('a server id that would blur entries is refused', () => {
    for (const serverId of ['', 'a b', 'a:1']) expect(() => fixture.createDirectory(serverId)).toThrow(RangeError);
  });

  test('[L1] each entry carries the epoch of its server', async () => {
    const { directory } = await fixture.join('a');
    await directory.addUser('u');
    await directory.addRoom('r');
    const epoch = await fixture.epochOf('a');
    expect(await fixture.admin.hget('{chat}:users', 'u')).toBe(`a:${epoch}`);
    expect(await fixture.admin.hget('{chat}:rooms', 'r')).toBe(`a:${epoch}`);
  });

  test('[L1] waits for the lease of a start that died, and takes a newer epoch', async () => {
    const before = await fixture.nextEpoch();
    await fixture.admin.hset('{chat}:leases', 'a', `${before} ${Date.now() + 400}`);
    const { directory, listener } = await fixture.join('a');
    expect(await fixture.epochOf('a')).toBeGreaterThan(before);
    await directory.leaseConfirmed();
    expect(listener.reregistered).toEqual([]);
  });

  test('[L1] never takes an epoch below one that was there before', async () => {
    const epoch = (await fixture.nextEpoch()) + 5;
    await fixture.admin.hset('{chat}:leases', 'a', `${epoch} ${Date.now() - 1_000}`);
    await fixture.join('a');
    expect(await fixture.epochOf('a')).toBeGreaterThan(epoch);
  });

  test('refused access ends it, without a word of the password', async () => {
    const url = fixture.service.url.replace('redis://', 'redis://somebody:hunter2@');
    const starting = fixture.createDirectory('a', { url }).start(new RecordingListener());
    await expect(starting).rejects.toMatchObject({ name: 'DirectoryUnavailable' });
    await expect(starting).rejects.not.toThrow(/hunter2/);
  });

  test('a failing sequence of epochs is waited for', async () => {
    let calls = 0;
    const nextEpoch = (): Promise<number> => {
      calls += 1;
      return calls < 3 ? Promise.reject(new Error('the store is away')) : fixture.nextEpoch();
    };
    const { directory } = await fixture.join('a', { nextEpoch });
    expect(directory.available).toBe(true);
    expect(calls).toBe(3);
  });

  test('closing in the middle of it leaves no lease behind', async () => {
    const epoch = Promise.withResolvers<number>();
    const directory = fixture.createDirectory('a', { nextEpoch: () => epoch.promise });
    const starting = directory.start(new RecordingListener());
    const closing = directory.close();
    epoch.resolve(await fixture.nextEpoch());
    await expect(starting).rejects.toMatchObject({ name: 'DirectoryUnavailable' });
    await closing;
    expect(await fixture.admin.hlen('{chat}:leases')).toBe(0);
  });
});

describe('servers that end', () => {
  test('[L1] whose lease runs out: the others are told and leave them out, and one of them sweeps', async () => {
    const a = await fixture.join('a', { sweepEveryMs: NEVER });
    const b = await fixture.join('b', { leaseMs: 1_500, renewMs: NEVER });
    const entries = Array.from({ length: 1_200 }, (_, i) => `u${i}`);
    await Promise.all(entries.map((user) => b.directory.addUser(user)));
    await Promise.all([b.directory.addRoom('r'), a.directory.addUser('u0')]);
    await expect.poll(() => a.listener.ended, MENDED).toEqual(['b']);
    // Still there, and yet not named.
    expect(await fixture.admin.hget('{chat}:users', 'u1')).toMatch(/^b:\d+$/);
    expect(await a.directory.serversOfUsers(['u0', 'u1'])).toEqual([['a'], []]);
    expect(await a.directory.serversOfRooms(['r'])).toEqual([[]]);
    await fixture.join('0-first', { sweepEveryMs: 20 });
    const left = ['#0-first', '#a', 'u0'];
    await expect.poll(async () => (await fixture.admin.hkeys('{chat}:users')).sort(), MENDED).toEqual(left);
    await expect.poll(() => fixture.admin.hexists('{chat}:rooms', 'r'), MENDED).toBe(0);
    expect(a.listener.reregistered).toEqual([]);
  });

  test('[L1] and start again before anybody noticed: the others are told by the newer epoch', async () => {
    const a = await fixture.join('a', { renewMs: 600, leaseMs: 2_000 });
    await fixture.join('b');
    await a.directory.leaseConfirmed();
    await fixture.closeServersExcept(a);
    await fixture.join('b');
    await expect.poll(() => a.listener.ended, MENDED).toEqual(['b']);
    expect(a.directory.liveServers).toContain('b');
  });

  test('[L1] a sweep that comes late removes nothing that is newer', async () => {
    const { directory } = await fixture.join('a');
    await directory.addUser('u');
    const epoch = await fixture.epochOf('a');
    const entries = { both: `b:1 a:${epoch}`, newer: `a:${epoch + 1}`, older: `a:${epoch - 1}` };
    await fixture.admin.hset('{chat}:users', entries);
    await SCRIPTS.sweep.run(fixture.admin, ['a', 'user', NEVER, 'u', 'both', 'newer', 'older', 'nobody', '#a']);
    const fields = ['u', 'both', 'newer', 'older', '#a'] as const;
    const [u, both, newer, older, own] = await fixture.admin.hmget('{chat}:users', ...fields);
    expect([u, both, newer, older]).toEqual([`a:${epoch}`, `a:${epoch}`, `a:${epoch + 1}`, null]);
    expect(own).toMatch(/^\d+ 1$/);
  });
});

test('[L4] a write that comes late finds a greater count and does nothing', async () => {
  const { directory, listener } = await fixture.join('a');
  for (const user of ['u', 'v', 'w']) await directory.addUser(user);
  const epoch = await fixture.epochOf('a');
  const late = await SCRIPTS.write.run(fixture.admin, ['a', epoch, 0, 0, 1, '+user', 'late', '-user', 'u']);
  expect(late).toEqual(['entries lost']);
  expect(await directory.serversOfUsers(['late', 'u'])).toEqual([[], ['a']]);
  await directory.leaseConfirmed();
  expect(listener.reregistered).toEqual([]);
});

test('[L3] a lease that was lost is not taken back from a newer start, not even from one that has ended', async () => {
  const { admin } = fixture;
  const now = Date.now();
  await admin.hset('{chat}:leases', { lives: `8 ${now + 60_000}`, ended: `8 ${now - 1}`, older: `6 ${now + 60_000}` });
  const taken = ['lives', 'ended', 'older'].map((id) => SCRIPTS.take.run(admin, [id, 9, 7, 1_000, 'again']));
  const answers = await Promise.all(taken);
  expect(answers.map(([status]) => status)).toEqual(['superseded', 'superseded', 'ok']);
});

describe('bounds', () => {
  test('a look-up past the bound of those under way is refused', async () => {
    const { directory } = await fixture.join('a');
    const lookUps = await Promise.allSettled(Array.from({ length: 300 }, () => directory.serversOfUsers(['u'])));
    expect(lookUps.filter(({ status }) => status === 'fulfilled')).toHaveLength(256);
    expect(await directory.serversOfUsers(['u'])).toEqual([[]]);
  });

  test('[L4] many entries at once are written in few calls', async () => {
    const { directory } = await fixture.join('a');
    await Promise.all(Array.from({ length: 5_000 }, (_, i) => directory.addUser(`u${i}`)));
    expect(await fixture.admin.hlen('{chat}:users')).toBe(5_001);
    const [, count] = (await fixture.admin.hget('{chat}:users', '#a'))?.split(' ') ?? [];
    expect(Number(count)).toBeLessThan(20);
  });
});
