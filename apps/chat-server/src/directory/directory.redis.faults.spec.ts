import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { MENDED, RedisFixture, type Server } from './redis.fixture.ts';

const FAULT_TIMEOUT_MS = 60_000;
const LONG_LEASE = { leaseMs: 60_000 };
const ALL = ['{chat}:leases', '{chat}:users', '{chat}:rooms'];
let fixture: RedisFixture;

beforeAll(async () => (fixture = await RedisFixture.start()), 60_000);
afterAll(() => fixture.stop(), 30_000);
afterEach(async () => {
  await fixture.closeServers();
  await fixture.admin.flushall();
});

/** Two servers, one user on both, one on each, and a room. */
async function populated(options: { leaseMs?: number } = {}): Promise<readonly [Server, Server]> {
  const [a, b] = [await fixture.join('a', options), await fixture.join('b', options)];
  await Promise.all([a, b].map(({ directory }) => directory.addUser('both')));
  await Promise.all([a.directory.addUser('at-a'), b.directory.addUser('at-b'), b.directory.addRoom('r')]);
  await Promise.all([a, b].map(({ directory }) => directory.leaseConfirmed()));
  return [a, b];
}

async function expectPopulated(servers: readonly Server[]): Promise<void> {
  for (const { directory } of servers) {
    const users = await directory.serversOfUsers(['both', 'at-a', 'at-b', 'stranger']);
    expect(users.map((found) => [...found].sort())).toEqual([['a', 'b'], ['a'], ['b'], []]);
    expect(await directory.serversOfRooms(['r'])).toEqual([['b']]);
  }
}

/** Each was told once, and is under a new epoch. */
async function expectReregistered(servers: readonly Server[]): Promise<void> {
  const times = (): readonly number[] => servers.map(({ listener }) => listener.reregistered.length);
  await expect.poll(times, MENDED).toEqual(servers.map(() => 1));
  await expect.poll(() => servers.every(({ directory }) => directory.available), MENDED).toBe(true);
}

test('[L2] Redis is emptied: all register anew under new epochs, and look-ups are right again', async () => {
  const servers = await populated();
  const before = [await fixture.epochOf('a'), await fixture.epochOf('b')];
  await fixture.admin.flushall();
  await expectReregistered(servers);
  const after = [await fixture.epochOf('a'), await fixture.epochOf('b')];
  expect(Math.min(...after)).toBeGreaterThan(Math.max(...before));
  await expectPopulated(servers);
  expect(servers[0].listener.reregistered).toEqual(['lease gone']);
}, FAULT_TIMEOUT_MS);

test.each(ALL)('[L2] %s alone is lost, as where Redis evicts', async (key) => {
  const servers = await populated();
  await fixture.admin.del(key);
  await expectReregistered(servers);
  await expectPopulated(servers);
}, FAULT_TIMEOUT_MS);

test('[L2] an older copy comes back: what was written since is written anew', async () => {
  const a = await fixture.join('a', LONG_LEASE);
  await a.directory.addUser('early');
  const copies = await Promise.all(ALL.map((key) => fixture.admin.dumpBuffer(key)));
  await a.directory.addUser('late');
  a.directory.removeUser('early');
  await expect.poll(() => a.directory.settled, MENDED).toBe(true);
  for (const [i, key] of ALL.entries()) await fixture.admin.restore(key, 0, copies[i] ?? '', 'REPLACE');
  await expectReregistered([a]);
  expect(a.listener.reregistered).toEqual(['entries lost']);
  expect(await a.directory.serversOfUsers(['early', 'late'])).toEqual([[], ['a']]);
}, FAULT_TIMEOUT_MS);

test('[L2] an older copy that lacks nothing is no reason to register anew', async () => {
  const a = await fixture.join('a', LONG_LEASE);
  await a.directory.addUser('u');
  const copies = await Promise.all(ALL.map((key) => fixture.admin.dumpBuffer(key)));
  for (const [i, key] of ALL.entries()) await fixture.admin.restore(key, 0, copies[i] ?? '', 'REPLACE');
  await a.directory.leaseConfirmed();
  expect(a.listener.reregistered).toEqual([]);
}, FAULT_TIMEOUT_MS);

test('[L2] Redis is killed and starts empty: away, then registered anew; additions meanwhile wait', async () => {
  const servers = await populated();
  const [a] = servers;
  await fixture.service.kill('SIGKILL');
  await expect.poll(() => servers.some(({ directory }) => directory.available), MENDED).toBe(false);
  const added = a.directory.addUser('added-meanwhile');
  a.directory.removeUser('at-a');
  await expect(a.directory.serversOfUsers(['both'])).rejects.toMatchObject({ name: 'DirectoryUnavailable' });
  expect(a.directory.settled).toBe(false);
  expect([...a.directory.liveServers].sort()).toEqual(['a', 'b']);
  await fixture.service.start();
  await added;
  await expectReregistered(servers);
  expect(await servers[1].directory.serversOfUsers(['added-meanwhile', 'at-a', 'at-b'])).toEqual([['a'], [], ['b']]);
  expect(a.listener.availability).toEqual([true, false, true]);
}, FAULT_TIMEOUT_MS);

test('[L1] [L3] a process that was paused past its lease ends for the others and takes a new epoch', async () => {
  const a = await fixture.join('a');
  const paused = await fixture.join('b', { leaseMs: 700, renewMs: 2_000 });
  await paused.directory.addUser('u');
  const before = await fixture.epochOf('b');
  await expect.poll(() => a.listener.ended, MENDED).toEqual(['b']);
  expect(await a.directory.serversOfUsers(['u'])).toEqual([[]]);
  await expectReregistered([paused]);
  expect(paused.listener.reregistered).toEqual(['lease ran out']);
  expect(await fixture.epochOf('b')).toBeGreaterThan(before);
  expect(await a.directory.serversOfUsers(['u'])).toEqual([['b']]);
}, FAULT_TIMEOUT_MS);

test('[L3] a process with a successor stops, and disturbs neither its lease nor its entries', async () => {
  const paused = await fixture.join('a', { leaseMs: 700, renewMs: 3_600_000 });
  await paused.directory.addUser('u');
  const successor = await fixture.join('a');
  await successor.directory.addUser('u');
  const late = paused.directory.addUser('late');
  paused.directory.removeUser('u');
  await expect(late).rejects.toMatchObject({ name: 'DirectoryUnavailable' });
  await expect.poll(() => paused.listener.superseded, MENDED).toBe(1);
  await paused.directory.close();
  await successor.directory.leaseConfirmed();
  expect(await successor.directory.serversOfUsers(['u', 'late'])).toEqual([['a'], []]);
  expect(successor.listener).toMatchObject({ superseded: 0, reregistered: [] });
  expect(paused.directory.available).toBe(false);
}, FAULT_TIMEOUT_MS);

test('[L4] additions and removals under broken connections end as wished, under the same epoch', async () => {
  const a = await fixture.join('a', LONG_LEASE);
  const wished = new Map<string, boolean>();
  let random = 7;
  for (let round = 0; round < 60; round++) {
    for (let i = 0; i < 40; i++) {
      random = (random * 48_271) % 2_147_483_647;
      const user = `u${random % 50}`;
      wished.set(user, random % 3 > 0);
      if (random % 3 > 0) void a.directory.addUser(user);
      else a.directory.removeUser(user);
    }
    if (round % 4 === 0) await fixture.admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    else await new Promise((resolve) => setImmediate(resolve));
  }
  await expect.poll(() => a.directory.settled && a.directory.available, MENDED).toBe(true);
  const users = [...wished.keys()];
  const found = await a.directory.serversOfUsers(users);
  expect(found).toEqual(users.map((user) => (wished.get(user) === true ? ['a'] : [])));
  // An answer that was lost is not taken for a loss in Redis.
  expect(a.listener.reregistered).toEqual([]);
}, FAULT_TIMEOUT_MS);

test('[L4] Redis stands still: a write that it does late, after a newer one, changes nothing', async () => {
  const a = await fixture.join('a', LONG_LEASE);
  await fixture.service.kill('SIGSTOP');
  const added = Promise.all([a.directory.addUser('came-and-went'), a.directory.addUser('steady')]);
  await expect.poll(() => a.listener.availability.at(-1), MENDED).toBe(false);
  a.directory.removeUser('came-and-went');
  const came = a.directory.addUser('came');
  await expect(a.directory.serversOfUsers(['came'])).rejects.toMatchObject({ name: 'DirectoryUnavailable' });
  await fixture.service.kill('SIGCONT');
  await Promise.all([added, came]);
  await expect.poll(() => a.directory.settled, MENDED).toBe(true);
  await a.directory.leaseConfirmed();
  expect(await a.directory.serversOfUsers(['came-and-went', 'came', 'steady'])).toEqual([[], ['a'], ['a']]);
  expect(a.listener.reregistered).toEqual([]);
}, FAULT_TIMEOUT_MS);

test('close ends in time while Redis stands still', async () => {
  const { directory } = await fixture.join('a');
  await directory.addUser('u');
  await fixture.service.kill('SIGSTOP');
  try {
    await directory.close();
    expect(directory.available).toBe(false);
  } finally {
    await fixture.service.kill('SIGCONT');
  }
}, FAULT_TIMEOUT_MS);
