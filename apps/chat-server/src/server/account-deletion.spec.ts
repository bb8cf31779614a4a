import { SendDestination, type ConversationsPage, type SignedIn, type User } from '@chat/protocol';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call, RoomActs, type Answer } from '../testing/test-rooms.ts';
import { startSingleServer, startTwoServers, tokenOf, type TestCluster, type TestServer, type TestUser } from '../testing/test-server.ts';

const { chatSend } = SendDestination;
const password = 'correct horse battery';

let cluster: TestCluster;
let here: TestServer;
let there: TestServer;
let rooms: RoomActs;
let alice: TestUser & { readonly refreshToken: string };
let bob: TestUser;
let made = 0;

beforeAll(async () => {
  cluster = await startTwoServers({ USER_SEARCH: 'prefix' });
  [here, there] = cluster.servers;
  rooms = new RoomActs(here);
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  [alice, bob] = await Promise.all([register(here, `leaving-${++made}`), there.newUser('bob')]);
});

async function register(server: TestServer, id: string): Promise<typeof alice> {
  const { body } = await call<SignedIn>(server, 'POST', '/api/auth/register', undefined, { id, password, displayName: `Name of ${id}` });
  return { id, token: body.accessToken, refreshToken: body.refreshToken };
}

function deletes(user: TestUser, body: object = { password }, server = here): Promise<Answer> {
  return call(server, 'DELETE', '/api/me', user, body);
}

describe('deleting an account', () => {
  it('[ACCOUNT-1] ends all sign-ins and connections on both servers, and nobody signs in again', async () => {
    const { body: other } = await call<SignedIn>(there, 'POST', '/api/auth/login', undefined, { id: alice.id, password });
    const byPassword = await there.open();
    await byPassword.connect({ login: alice.id, passcode: password });
    const foreign = { id: alice.id, token: await tokenOf(alice.id) };
    const clients = [
      await here.chatting(alice), await there.chatting(alice), await there.client({ id: alice.id, token: other.accessToken }),
      await there.client(foreign), byPassword,
    ];
    const bobs = await there.chatting(bob);
    expect(await deletes(alice)).toEqual({ status: 204, body: undefined });
    for (const client of clients) expect(await client.closed).toMatchObject({ code: 4401 });
    for (const server of [here, there]) {
      for (const token of [alice.token, other.accessToken, foreign.token]) expect(await server.get('/api/me', { id: alice.id, token })).toMatchObject({ status: 401 });
      for (const { refreshToken } of [alice, other]) expect(await server.post('/api/auth/refresh', { refreshToken })).toMatchObject({ status: 401 });
      expect(await server.post('/api/auth/login', { id: alice.id, password })).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    }
    const again = await there.open();
    again.frame('CONNECT', { 'accept-version': '1.2', login: alice.id, passcode: password });
    expect(await again.closed).toMatchObject({ code: 4401 });
    await bobs.say(bob.id, 'undisturbed');
  });

  it('[ACCOUNT-2] refuses a wrong password in the words of the sign-in, and changes nothing', async () => {
    const client = await here.chatting(alice);
    const atSignIn = await here.post('/api/auth/login', { id: alice.id, password: 'wrong' });
    expect(atSignIn.status).toBe(401);
    for (const body of [{ password: 'wrong' }, {}]) expect(await deletes(alice, body)).toEqual(atSignIn);
    expect((await here.get('/api/me', alice)).status).toBe(200);
    await client.say(alice.id, 'still here');
  });

  it('[ACCOUNT-2] takes none of somebody who signs in elsewhere', async () => {
    expect((await deletes(bob, {}, there)).status).toBe(204);
    expect((await here.get('/api/me', { id: bob.id, token: await tokenOf(bob.id, { name: 'Bob again' }) })).status).toBe(401);
  });

  it('[ACCOUNT-3] is refused while others are in an own room, unless it is archived; one without others is archived', async () => {
    const [shared, old, alone] = [await rooms.make(alice, { name: 'Shared' }), await rooms.make(alice), await rooms.make(alice)];
    for (const room of [shared, old]) await rooms.add(room.id, alice, bob);
    await call(here, 'PUT', `/api/rooms/${old.id}/archive`, alice, { archived: true });
    const refused = await call<{ code: string; message: string }>(here, 'DELETE', '/api/me', alice, { password });
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(refused.body.message).toContain(`Shared (${shared.id})`);
    expect(refused.body.message).not.toContain(old.id);
    for (const room of [shared, old, alone]) expect((await rooms.see(room.id, alice)).me.role).toBe('owner');
    await call(here, 'POST', `/api/rooms/${shared.id}/transfer`, alice, { to: bob.id });
    expect((await deletes(alice)).status).toBe(204);
    expect((await rooms.see(alone.id, bob)).archivedAt).toBeTypeOf('number');
    expect(await rooms.see(shared.id, bob)).toMatchObject({ members: 1, me: { role: 'owner' } });
    expect((await rooms.see(shared.id, bob)).archivedAt).toBeUndefined();
  });

  it('[ACCOUNT-4] is one LEAVE in each room, told to its members on the other server', async () => {
    const [first, second] = [await rooms.make(bob), await rooms.make(bob, { visibility: 'private' })];
    for (const room of [first, second]) await rooms.add(room.id, bob, alice);
    const bobs = await there.chatting(bob);
    expect((await deletes(alice)).status).toBe(204);
    const leaves = await bobs.messages('m', 2, 'LEAVE');
    expect(leaves).toMatchObject([{ from: alice.id }, { from: alice.id }]);
    expect(new Set(leaves.map((leave) => (leave as { roomId?: string }).roomId))).toEqual(new Set([first.id, second.id])); // LEAVE is a room's
    await bobs.fence();
    expect(bobs.unreadOf('m', 'LEAVE')).toEqual([]);
    expect((await rooms.see(first.id, bob)).members).toBe(1);
  });

  it('[ACCOUNT-5] leaves the id and nothing of the profile', async () => {
    const client = await here.chatting(alice);
    await client.say(bob.id, 'from alice');
    const search = async (q: string) => (await call<{ users: User[] }>(there, 'GET', `/api/users?q=${encodeURIComponent(q)}`, bob)).body.users;
    expect(await search(`Name of ${alice.id}`)).toHaveLength(1);
    await deletes(alice);
    for (const q of [alice.id, `Name of ${alice.id}`, 'Deleted account']) expect(await search(q)).toEqual([]);
    const neutral = { id: alice.id, displayName: 'Deleted account', deleted: true };
    expect(await there.get(`/api/users/${alice.id}`, bob)).toEqual({ status: 200, body: neutral });
    const { body } = await call<ConversationsPage>(there, 'GET', '/api/conversations', bob);
    expect(body.conversations).toMatchObject([{ to: alice.id, name: 'Deleted account', deleted: true, last: { message: 'from alice' } }]);
    expect(await there.post('/api/auth/register', { id: alice.id, password })).toMatchObject({ status: 409, body: { code: 'conflict' } });
    await client.closed;
    const kept = await ask('select password_hash, search_name, last_seen_at, (select count(*) from devices d where d.user_no = u.user_no) as devices from users u where id = $1', [alice.id]);
    expect(kept).toEqual([{ password_hash: null, search_name: '', last_seen_at: null, devices: '0' }]);
  });

  it('[ACCOUNT-6] nobody writes to it or brings it into a room; what was said stays', async () => {
    const conversationId = [alice.id, bob.id].sort().reduce((a, b) => `direct:${a}:${b}`);
    const carol = await here.newUser('carol');
    const [alices, bobs, carols] = [await here.chatting(alice), await there.chatting(bob), await here.chatting(carol)];
    await alices.say(bob.id, 'one');
    await bobs.request(chatSend, { to: alice.id, message: 'two', clientId: 'key' });
    await deletes(alice);
    expect(await bobs.refusal(chatSend, { to: alice.id, message: 'three' })).toMatchObject({ code: 'forbidden' });
    expect(await carols.refusal(chatSend, { to: alice.id, message: 'hello' })).toMatchObject({ code: 'not-found' });
    expect((await bobs.request(chatSend, { to: alice.id, message: 'two', clientId: 'key' })).headers.get('seq')).toBe('2');
    const { body } = await call<{ messages: { message: string; from: string }[] }>(here, 'GET', `/api/conversations/${conversationId}/messages`, bob);
    expect(body.messages).toMatchObject([{ from: alice.id, message: 'one' }, { from: bob.id, message: 'two' }]);
    const room = await rooms.make(bob);
    expect(await call(here, 'POST', `/api/rooms/${room.id}/members`, bob, { id: alice.id })).toMatchObject({ status: 404 });
    await bobs.say(carol.id, 'others go on');
  });

  it('[ACCOUNT-7] interrupted, it can be repeated: the rooms are left and the sign-in still counts', async () => {
    const room = await rooms.make(bob);
    await rooms.add(room.id, bob, alice);
    const blocker = new Client({ connectionString: here.databaseUrl });
    await blocker.connect();
    try {
      await blocker.query('begin');
      await blocker.query('select 1 from users where id = $1 for key share', [alice.id]);
      const interrupted = deletes(alice);
      const cut = `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%from users%for update'`;
      await expect.poll(async () => (await ask(cut)).length, { timeout: 5_000 }).toBe(1);
      expect(await interrupted).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    } finally {
      await blocker.end();
    }
    expect((await rooms.see(room.id, bob)).members).toBe(1);
    expect(await there.get('/api/me', alice)).toMatchObject({ status: 200, body: { displayName: `Name of ${alice.id}` } });
    expect((await deletes(alice, { password }, there)).status).toBe(204);
    expect(await here.get('/api/me', alice)).toMatchObject({ status: 401 });
  });

  it('[ACCOUNT-7] two requests at once, while others bring it into rooms, are one', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => rooms.make(bob)));
    for (const room of all.slice(0, 3)) await rooms.add(room.id, bob, alice);
    const bringing = all.map((room) => call(there, 'POST', `/api/rooms/${room.id}/members`, bob, { id: alice.id }));
    const answers = await Promise.all([deletes(alice), deletes(alice, { password }, there)]);
    await Promise.all(bringing);
    expect(answers.map(({ status }) => status).filter((status) => status !== 204 && status !== 401)).toEqual([]);
    expect(answers.map(({ status }) => status)).toContain(204);
    const left = 'select count(*) from members m join rooms using (conversation_no) join users using (user_no) where users.id = $1 and m.left_seq is null';
    expect(await ask(left, [alice.id])).toEqual([{ count: '0' }]);
    for (const room of all) expect((await rooms.see(room.id, bob)).members).toBe(1);
  });
});

async function ask(text: string, values: readonly unknown[] = []): Promise<unknown[]> {
  const client = new Client({ connectionString: here.databaseUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>({ text, values: [...values] })).rows;
  } finally {
    await client.end();
  }
}

describe('guessing the password of an account', () => {
  it('[ACCOUNT-2] is slowed down as signing in is', async () => {
    const server = await startSingleServer({ RATE_LIMITS: 'on' });
    try {
      const user = await register(server, 'guessed');
      const statuses: number[] = [];
      while (!statuses.includes(429) && statuses.length < 50) statuses.push((await deletes(user, { password: 'wrong' }, server)).status);
      expect(statuses.at(-1)).toBe(429);
      expect(new Set(statuses.slice(0, -1))).toEqual(new Set([401]));
    } finally {
      await server.stop();
    }
  });
});
