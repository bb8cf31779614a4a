import { SendDestination, type Entry, type MembershipChange, type Room, type RoomMembersPage, type RoomsPage } from '@chat/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call, RoomActs } from '../testing/test-rooms.ts';
import { startSingleServer, startTwoServers, type TestCluster, type TestServer, type TestUser } from '../testing/test-server.ts';

const { chatJoin, chatLeave, chatSend } = SendDestination;

let cluster: TestCluster;
let here: TestServer;
let there: TestServer;
let acts: RoomActs;
let elsewhere: RoomActs;
let olga: TestUser;
let mina: TestUser;
let paul: TestUser;

beforeAll(async () => {
  cluster = await startTwoServers();
  [here, there] = cluster.servers;
  [acts, elsewhere] = [new RoomActs(here), new RoomActs(there)];
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  [olga, mina, paul] = await Promise.all([here.newUser('olga'), there.newUser('mina'), here.newUser('paul')]);
});

/** What everyone reads in a room, with who and by whom. */
async function log(room: Room, user: TestUser): Promise<string[]> {
  const { body } = await here.get(`/api/conversations/${room.conversationId}/messages`, user);
  const { messages } = body as { messages: (Entry & { by?: string })[] }; // MessagesPage
  return messages.map(({ type, from, by }) => `${type} ${from}${by === undefined ? '' : ` by ${by}`}`);
}

async function memberIds(room: Room, user: TestUser, query = ''): Promise<string[]> {
  const { body } = await call<RoomMembersPage>(there, 'GET', `/api/rooms/${room.id}/members${query}`, user);
  return body.members.map(({ id, role }) => (role === 'member' ? id : `${id} ${role}`));
}

const receipt = ({ headers }: { headers: ReadonlyMap<string, string> | { get(name: string): string | undefined } }): (string | undefined)[] =>
  ['conversation-id', 'seq', 'id'].map((name) => headers.get(name));

describe('making a room', () => {
  it('[ROOM-1] whoever makes it is its owner, and their JOIN its first entry', async () => {
    const room = await acts.make(olga, { name: ' Tea & cake ', topic: 'Every day' });
    expect(room).toMatchObject({ name: 'Tea & cake', topic: 'Every day', visibility: 'public', history: 'all', members: 1, lastSeq: 1 });
    expect(room.me).toMatchObject({ role: 'owner', joinedSeq: 0 });
    expect(room.conversationId).toBe(`room:${room.id}`);
    expect(await log(room, olga)).toEqual([`JOIN ${olga.id}`]);
    expect(await elsewhere.see(room.id, olga)).toEqual(room);
  });

  it('[ROOM-1] history begins with joining in private rooms, unless it is said otherwise', async () => {
    expect(await acts.make(olga, { visibility: 'private' })).toMatchObject({ history: 'joined' });
    expect(await acts.make(olga, { visibility: 'private', history: 'all' })).toMatchObject({ history: 'all' });
  });

  it.each([
    {},
    { name: '', visibility: 'public' },
    { name: '   ', visibility: 'public' },
    { name: 'x'.repeat(101), visibility: 'public' },
    { name: 'a\0b', visibility: 'public' },
    { name: 'half \ud83d', visibility: 'public' },
    { name: 'a', visibility: 'secret' },
    { name: 'a', visibility: 'public', history: 'none' },
    { name: 'a', visibility: 'public', topic: 'x'.repeat(501) },
    { name: 'a', visibility: 'public', picture: 'javascript:alert(1)' },
    { name: 'a', visibility: 'public', picture: '//elsewhere.example/a.png' },
  ])('[ROOM-2] %j is bad-request', async (body) => {
    expect(await call(here, 'POST', '/api/rooms', olga, body)).toMatchObject({ status: 400, body: { code: 'bad-request' } });
  });

  it('[ROOM-3] name, topic, picture and retention change on all servers; null takes away', async () => {
    const room = await acts.make(olga);
    const set = { name: '이름', topic: 'new', picture: '/files/a.png', retentionDays: 30, retentionEntries: 1000 };
    expect(await call(here, 'PATCH', `/api/rooms/${room.id}`, olga, set)).toMatchObject({ status: 200, body: set });
    expect(await elsewhere.see(room.id, olga)).toMatchObject(set);
    const { body } = await call<Room>(there, 'PATCH', `/api/rooms/${room.id}`, olga, { picture: null, retentionDays: null });
    expect(body).toMatchObject({ name: '이름', retentionEntries: 1000 });
    expect(Object.keys(body)).not.toContain('picture');
    expect(Object.keys(body)).not.toContain('retentionDays');
    expect((await call(here, 'PATCH', `/api/rooms/${room.id}`, olga, { retentionDays: 0 })).status).toBe(400);
  });
});

describe('finding rooms', () => {
  it('[FIND-1] public rooms by any part of their name, small or capital; private and archived ones not', async () => {
    const word = olga.id.toUpperCase();
    const found = await acts.make(olga, { name: `Überraschung ${word} 안녕하세요` });
    await acts.make(olga, { name: `hidden ${word}`, visibility: 'private' });
    const old = await acts.make(olga, { name: `old ${word}` });
    await call(here, 'PUT', `/api/rooms/${old.id}/archive`, olga, { archived: true });
    for (const q of [olga.id, `überraschung ${olga.id}`, `${olga.id} 안녕`]) {
      const { body } = await call<RoomsPage>(there, 'GET', `/api/rooms?q=${encodeURIComponent(q)}`, mina);
      expect([q, body.rooms.map(({ id }) => id)]).toEqual([q, [found.id]]);
    }
    const none = await call<RoomsPage>(there, 'GET', `/api/rooms?q=${encodeURIComponent(`%${olga.id}`)}`, mina);
    expect(none.body).toEqual({ rooms: [] });
  });

  it('[FIND-2] `mine` lists the rooms that one is in, private and archived ones too, with what one is there', async () => {
    const [mine, left] = [await acts.make(olga, { name: 'b', visibility: 'private' }), await acts.make(olga, { name: 'a' })];
    for (const room of [mine, left]) await acts.add(room.id, olga, mina);
    await acts.remove(left.id, mina, mina);
    await call(here, 'PUT', `/api/rooms/${mine.id}/archive`, olga, { archived: true });
    const { body } = await call<RoomsPage>(there, 'GET', '/api/rooms?mine=true', mina);
    expect(body.rooms).toMatchObject([{ id: mine.id, me: { role: 'member' } }]);
    expect(body.rooms[0]?.archivedAt).toBeTypeOf('number');
  });

  it('[FIND-3] its pages together hold each room once, also where several have one name', async () => {
    const made = [];
    for (let i = 0; i < 7; i++) made.push((await acts.make(olga, { name: `${olga.id} ${i % 3}` })).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ q: olga.id, limit: '2', ...(cursor !== undefined && { cursor }) });
      const { body } = await call<RoomsPage>(here, 'GET', `/api/rooms?${query.toString()}`, mina);
      expect(body.rooms.length).toBeGreaterThan(0);
      seen.push(...body.rooms.map(({ id }) => id));
      cursor = body.cursor;
    } while (cursor !== undefined);
    expect([...seen].sort()).toEqual(made.sort());
  });

  it.each(['cursor=x', 'cursor=WyJhIl0', 'cursor=bnVsbA', 'limit=0', 'limit=201', 'mine=maybe', 'q='])('[FIND-4] %s is bad-request', async (query) => {
    expect(await call(here, 'GET', `/api/rooms?${query}`, olga)).toMatchObject({ status: 400, body: { code: 'bad-request' } });
  });

  it('[FIND-5] members in pages, the owner first and then moderators; by the beginning of an id or name', async () => {
    const room = await acts.make(olga);
    const others = await Promise.all(Array.from({ length: 5 }, () => here.newUser('many')));
    for (const user of [...others, mina]) await acts.add(room.id, olga, user);
    await acts.role(room.id, olga, mina, 'moderator');
    const first = await call<RoomMembersPage>(here, 'GET', `/api/rooms/${room.id}/members?limit=4`, paul);
    expect(first.body.members.map(({ id }) => id).slice(0, 2)).toEqual([olga.id, mina.id]);
    const rest = await call<RoomMembersPage>(here, 'GET', `/api/rooms/${room.id}/members?limit=4&cursor=${first.body.cursor}`, paul);
    expect(rest.body.cursor).toBeUndefined();
    const all = [...first.body.members, ...rest.body.members].map(({ id }) => id);
    expect(all.sort()).toEqual([olga, mina, ...others].map(({ id }) => id).sort());
    expect(await memberIds(room, paul, '?q=MANY')).toHaveLength(5);
    expect(await memberIds(room, paul, `?q=${mina.id}`)).toEqual([`${mina.id} moderator`]);
  });
});

describe('joining and leaving', () => {
  it('[JOIN-1] a JOIN or LEAVE is stored once per real change; again it gets the same RECEIPT', async () => {
    const room = await acts.make(olga);
    const [client, other] = await Promise.all([here.client(mina), there.client(mina)]);
    const joined = await client.request(chatJoin, { roomId: room.id });
    expect(receipt(joined)).toEqual([room.conversationId, '2', expect.any(String)]);
    expect(receipt(await other.request(chatJoin, { roomId: room.id }))).toEqual(receipt(joined));
    const left = await other.request(chatLeave, { roomId: room.id });
    expect(receipt(left).slice(0, 2)).toEqual([room.conversationId, '3']);
    expect(receipt(await client.request(chatLeave, { roomId: room.id }))).toEqual(receipt(left));
    expect(receipt(await client.request(chatJoin, { roomId: room.id })).slice(0, 2)).toEqual([room.conversationId, '4']);
    expect(await log(room, olga)).toEqual([`JOIN ${olga.id}`, `JOIN ${mina.id}`, `LEAVE ${mina.id}`, `JOIN ${mina.id}`]);
    expect(await acts.see(room.id, olga)).toMatchObject({ members: 2, lastSeq: 4 });
  });

  it('[JOIN-1] however many join and leave at the same time, on both servers', async () => {
    const room = await acts.make(olga);
    const users = await Promise.all(Array.from({ length: 10 }, () => here.newUser('crowd')));
    const all = (act: (on: RoomActs, user: TestUser) => Promise<MembershipChange>): Promise<MembershipChange[]> =>
      Promise.all(users.flatMap((user) => [acts, elsewhere, acts].map((on) => act(on, user))));
    const joins = await all((on, user) => on.add(room.id, user, user));
    expect(joins.filter(({ changed }) => changed)).toHaveLength(10);
    expect(await acts.see(room.id, olga)).toMatchObject({ members: 11, lastSeq: 11 });
    const leaves = await all((on, user) => on.remove(room.id, user, user));
    expect(leaves.filter(({ changed }) => changed)).toHaveLength(10);
    expect(await elsewhere.see(room.id, olga)).toMatchObject({ members: 1, lastSeq: 21 });
    expect((await log(room, olga)).slice(1, 11).every((line) => line.startsWith('JOIN'))).toBe(true);
  });

  it('[JOIN-2] `by` says who brought somebody in or expelled them', async () => {
    const room = await acts.make(olga, { visibility: 'private' });
    expect(await acts.add(room.id, olga, mina)).toMatchObject({ userId: mina.id, member: true, seq: 2, changed: true });
    expect(await acts.add(room.id, olga, mina)).toMatchObject({ userId: mina.id, member: true, seq: 2, changed: false });
    expect(await acts.remove(room.id, olga, mina)).toMatchObject({ userId: mina.id, member: false, seq: 3, changed: true });
    expect(await log(room, olga)).toEqual([`JOIN ${olga.id}`, `JOIN ${mina.id} by ${olga.id}`, `LEAVE ${mina.id} by ${olga.id}`]);
  });

  it('[JOIN-3] expelling who is not there, and bringing in nobody, is not-found', async () => {
    const room = await acts.make(olga);
    const expected = { status: 404, body: { code: 'not-found' } };
    expect(await call(here, 'DELETE', `/api/rooms/${room.id}/members/${mina.id}`, olga)).toMatchObject(expected);
    await acts.add(room.id, olga, mina);
    await acts.remove(room.id, mina, mina);
    expect(await call(here, 'DELETE', `/api/rooms/${room.id}/members/${mina.id}`, olga)).toMatchObject(expected);
    expect(await call(here, 'POST', `/api/rooms/${room.id}/members`, olga, { id: 'nobody-at-all' })).toMatchObject(expected);
    expect(await log(room, olga)).toHaveLength(3);
  });

  it('[JOIN-4] what a session sends right behind its join is stored behind it', async () => {
    const room = await acts.make(olga);
    const client = await there.client(mina);
    client.send(chatJoin, { roomId: room.id });
    expect((await client.request(chatSend, { roomId: room.id, message: 'hello' })).headers.get('seq')).toBe('3');
  });

  it('[JOIN-5] who has left or was expelled can send nothing more, on any server', async () => {
    const room = await acts.make(olga);
    const hidden = await acts.make(olga, { visibility: 'private' });
    const [client, other] = await Promise.all([here.client(mina), there.client(mina)]);
    for (const session of [client, other]) await session.subscribeToErrors();
    for (const { id } of [room, hidden]) {
      await acts.add(id, olga, mina);
      for (const session of [client, other]) await session.request(chatSend, { roomId: id, message: 'in' });
    }
    await elsewhere.remove(room.id, mina, mina);
    await acts.remove(hidden.id, olga, mina);
    for (const session of [client, other]) {
      expect(await session.refusal(chatSend, { roomId: room.id, message: 'out' })).toMatchObject({ code: 'forbidden' });
      expect(await session.refusal(chatSend, { roomId: hidden.id, message: 'out' })).toMatchObject({ code: 'not-found' });
    }
    expect(await acts.see(room.id, olga)).toMatchObject({ lastSeq: 5 });
    expect(await acts.see(hidden.id, olga)).toMatchObject({ lastSeq: 5 });
    expect((await here.get(`/api/conversations/${hidden.conversationId}/messages`, mina)).status).toBe(404);
  });

  it('[JOIN-6] a repeat of a join with its clientId does not undo the leave that came after it', async () => {
    const room = await acts.make(olga);
    const client = await there.client(mina);
    const joined = await client.request(chatJoin, { roomId: room.id, clientId: 'join-once' });
    await client.request(chatLeave, { roomId: room.id, clientId: 'leave-once' });
    expect(receipt(await client.request(chatJoin, { roomId: room.id, clientId: 'join-once' }))).toEqual(receipt(joined));
    expect(await memberIds(room, olga)).toEqual([`${olga.id} owner`]);
  });
});

describe('rates', () => {
  it('[ROOM-4] joining and leaving take five tokens each of the bucket that sends are taken from, over HTTP too', async () => {
    const limited = await startSingleServer({ RATE_LIMITS: 'on', RATE_SEND_BURST: '12', RATE_SENDS_PER_MINUTE: '1' });
    try {
      const [anna, ben] = await Promise.all([limited.newUser('anna'), limited.newUser('ben')]);
      const room = await new RoomActs(limited).make(anna);
      const client = await limited.client(ben);
      await client.subscribeToErrors();
      await client.request(chatJoin, { roomId: room.id });
      await new RoomActs(limited).remove(room.id, ben, ben);
      const refusal = await client.refusal(chatJoin, { roomId: room.id });
      expect(refusal.code).toBe('rate-limited');
      expect(refusal.retryAfterMs).toBeGreaterThan(100_000);
      expect((await call(limited, 'POST', `/api/rooms/${room.id}/members`, ben, { id: ben.id })).status).toBe(429);
      await client.say(anna.id, 'eleven');
      await client.say(anna.id, 'twelve');
      expect(await client.refusal(chatSend, { to: anna.id, message: 'thirteen' })).toMatchObject({ code: 'rate-limited' });
    } finally {
      await limited.stop();
    }
  });
});
