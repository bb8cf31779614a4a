import { SendDestination, type ConversationsPage, type InvitePreview, type MembershipChange, type Room, type RoomBansPage, type RoomInvitesList } from '@chat/protocol';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call, RoomActs } from '../testing/test-rooms.ts';
import { startTwoServers, type TestCluster, type TestServer, type TestUser } from '../testing/test-server.ts';

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

async function roles(room: Room): Promise<Record<string, string | undefined>> {
  const people = { olga, mina, paul };
  const seen = await Promise.all(
    Object.entries(people).map(async ([name, user]) => [name, (await call<Room>(there, 'GET', `/api/rooms/${room.id}`, user)).body.me.role] as const),
  );
  return Object.fromEntries(seen.filter(([, role]) => role !== undefined));
}

describe('roles', () => {
  let room: Room;

  beforeEach(async () => {
    room = await acts.make(olga);
    for (const user of [mina, paul]) await acts.add(room.id, olga, user);
  });

  it('[ROLE-1] the owner gives and takes the role of moderator', async () => {
    await acts.role(room.id, olga, mina, 'moderator');
    expect(await roles(room)).toEqual({ olga: 'owner', mina: 'moderator', paul: 'member' });
    await elsewhere.role(room.id, olga, mina, 'member');
    expect(await roles(room)).toEqual({ olga: 'owner', mina: 'member', paul: 'member' });
    expect(await call(here, 'PATCH', `/api/rooms/${room.id}/members/${olga.id}`, olga, { role: 'member' })).toMatchObject({ status: 403 });
    expect(await call(here, 'PATCH', `/api/rooms/${room.id}/members/${mina.id}`, olga, { role: 'owner' })).toMatchObject({ status: 400 });
  });

  it('[ROLE-2] a moderator can do nothing to the owner or to another moderator', async () => {
    for (const user of [mina, paul]) await acts.role(room.id, olga, user, 'moderator');
    for (const { id } of [olga, paul]) {
      expect((await call(there, 'DELETE', `/api/rooms/${room.id}/members/${id}`, mina)).status).toBe(403);
      expect((await call(there, 'PUT', `/api/rooms/${room.id}/bans/${id}`, mina, {})).status).toBe(403);
    }
    expect(await roles(room)).toEqual({ olga: 'owner', mina: 'moderator', paul: 'moderator' });
  });

  it('[ROLE-3] handing over makes a member the owner and the owner a moderator; of two at once one is done', async () => {
    const transfer = (on: TestServer, to: TestUser): Promise<{ status: number }> => call(on, 'POST', `/api/rooms/${room.id}/transfer`, olga, { to: to.id });
    const answers = await Promise.all([transfer(here, mina), transfer(there, paul)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
    const after = Object.values(await roles(room)).sort();
    expect(after).toEqual(['member', 'moderator', 'owner']);
    expect((await roles(room))['olga']).toBe('moderator');
  });

  it('[ROLE-4] the owner cannot leave others behind without handing over', async () => {
    const client = await here.client(olga);
    await client.subscribeToErrors();
    expect(await client.refusal(chatLeave, { roomId: room.id })).toMatchObject({ code: 'conflict' });
    await call(here, 'POST', `/api/rooms/${room.id}/transfer`, olga, { to: paul.id });
    await client.request(chatLeave, { roomId: room.id });
    expect(await roles(room)).toEqual({ mina: 'member', paul: 'owner' });
  });

  it('[ROLE-4] an owner who is alone leaves, and the room is archived', async () => {
    const alone = await acts.make(paul);
    await acts.remove(alone.id, paul, paul);
    const { members, archivedAt, me } = await elsewhere.see(alone.id, paul);
    expect([members, typeof archivedAt, me]).toEqual([0, 'number', {}]);
  });

  it('[ROLE-5] who comes back is a plain member', async () => {
    await acts.role(room.id, olga, mina, 'moderator');
    await acts.remove(room.id, mina, mina);
    await elsewhere.add(room.id, mina, mina);
    expect(await roles(room)).toEqual({ olga: 'owner', mina: 'member', paul: 'member' });
  });
});

describe('bans', () => {
  let room: Room;

  beforeEach(async () => {
    room = await acts.make(olga);
    await acts.add(room.id, olga, mina);
  });

  it('[BAN-1] a ban expels, and then no way leads in: not joining, not being brought, no link', async () => {
    const { token } = await acts.invite(room.id, olga);
    const client = await there.client(mina);
    await client.subscribeToErrors();
    await acts.ban(room.id, olga, mina);
    expect(await client.refusal(chatSend, { roomId: room.id, message: 'in?' })).toMatchObject({ code: 'forbidden' });
    expect(await client.refusal(chatJoin, { roomId: room.id })).toMatchObject({ code: 'forbidden' });
    expect((await call(there, 'POST', `/api/rooms/${room.id}/members`, mina, { id: mina.id })).status).toBe(403);
    expect((await call(there, 'POST', `/api/rooms/${room.id}/members`, olga, { id: mina.id })).status).toBe(403);
    expect((await call(there, 'POST', '/api/invites/accept', mina, { token })).status).toBe(403);
    expect(await elsewhere.see(room.id, mina)).toMatchObject({ members: 1, me: { banned: true } });
  });

  it('[BAN-2] again it is the same ban, without a second LEAVE; lifted, one may come back', async () => {
    const put = (reason: string): Promise<unknown> => call(here, 'PUT', `/api/rooms/${room.id}/bans/${mina.id}`, olga, { reason });
    expect(await put('spam')).toMatchObject({ status: 200, body: { user: { id: mina.id }, by: olga.id, reason: 'spam' } });
    expect(await put('spam')).toMatchObject({ status: 200 });
    expect(await acts.see(room.id, olga)).toMatchObject({ lastSeq: 3 });
    expect((await call(here, 'DELETE', `/api/rooms/${room.id}/bans/${mina.id}`, olga)).status).toBe(204);
    expect((await call(here, 'DELETE', `/api/rooms/${room.id}/bans/${mina.id}`, olga)).status).toBe(404);
    expect(await elsewhere.add(room.id, mina, mina)).toMatchObject({ member: true, seq: 4 });
  });

  it('[BAN-3] who never was in the room can be banned, without an entry', async () => {
    await acts.ban(room.id, olga, paul);
    expect((await call(here, 'POST', `/api/rooms/${room.id}/members`, paul, { id: paul.id })).status).toBe(403);
    expect(await acts.see(room.id, olga)).toMatchObject({ lastSeq: 2 });
  });

  it('[BAN-4] the list has the latest first, in pages', async () => {
    const banned = [];
    for (let i = 0; i < 5; i++) {
      banned.unshift(await here.newUser('bad'));
      await acts.ban(room.id, olga, banned[0] ?? olga);
    }
    const first = await call<RoomBansPage>(here, 'GET', `/api/rooms/${room.id}/bans?limit=3`, olga);
    const rest = await call<RoomBansPage>(here, 'GET', `/api/rooms/${room.id}/bans?limit=3&cursor=${first.body.cursor}`, olga);
    expect([...first.body.bans, ...rest.body.bans].map(({ user }) => user.id)).toEqual(banned.map(({ id }) => id));
    expect(rest.body.cursor).toBeUndefined();
  });
});

describe('links', () => {
  let room: Room;

  beforeEach(async () => {
    room = await acts.make(olga, { visibility: 'private', name: 'Behind a door', topic: 'shh' });
  });

  it('[INVITE-1] a link shows what it leads into and leads there, on any server', async () => {
    const { token, expiresAt } = await acts.invite(room.id, olga);
    const preview = await call<InvitePreview>(there, 'POST', '/api/invites/preview', mina, { token });
    expect(preview.body).toEqual({
      room: { id: room.id, name: 'Behind a door', topic: 'shh', visibility: 'private', members: 1 },
      invitedBy: { id: olga.id, displayName: olga.id },
      expiresAt,
      member: false,
    });
    expect(await elsewhere.accept(token, mina)).toMatchObject({ roomId: room.id, member: true, seq: 2, changed: true });
    expect(await acts.accept(token, mina)).toMatchObject({ member: true, seq: 2, changed: false });
    expect((await call<InvitePreview>(here, 'POST', '/api/invites/preview', mina, { token })).body).toMatchObject({ member: true });
  });

  it('[INVITE-2] it can be used as often as it says, however many use it at once on both servers', async () => {
    const { token } = await acts.invite(room.id, olga, { uses: 3 });
    const users = await Promise.all(Array.from({ length: 8 }, () => here.newUser('guest')));
    const answers = await Promise.all(users.map((user, i) => call<MembershipChange>(i % 2 === 0 ? here : there, 'POST', '/api/invites/accept', user, { token })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 404, 404, 404, 404, 404]);
    expect(await acts.see(room.id, olga)).toMatchObject({ members: 4, lastSeq: 4 });
    const [came] = users.filter((_, i) => answers[i]?.status === 201);
    // Who came by it is still told so; nobody else is.
    expect(await call(there, 'POST', '/api/invites/accept', came, { token })).toMatchObject({ status: 200, body: { changed: false } });
  });

  it('[INVITE-3] who is in the room already does not use it up', async () => {
    const { token } = await acts.invite(room.id, olga, { uses: 1 });
    await acts.add(room.id, olga, mina);
    await elsewhere.accept(token, mina);
    expect(await acts.accept(token, paul)).toMatchObject({ changed: true });
  });

  it('[INVITE-4] it ends with its time', async () => {
    const { token } = await acts.invite(room.id, olga, { expiresInSeconds: 60 });
    const database = new Client({ connectionString: here.databaseUrl });
    await database.connect();
    await database.query('update room_invites set expires_at = now_ms() where conversation_no = (select conversation_no from rooms where room_id = $1)', [room.id]);
    await database.end();
    for (const what of ['preview', 'accept']) {
      expect(await call(there, 'POST', `/api/invites/${what}`, mina, { token })).toMatchObject({ status: 404, body: { code: 'not-found' } });
    }
    expect((await call<RoomInvitesList>(here, 'GET', `/api/rooms/${room.id}/invites`, olga)).body.invites).toEqual([]);
  });

  it('[INVITE-5] it ends when it is taken back, and when who made it leaves', async () => {
    await acts.add(room.id, olga, mina);
    await acts.role(room.id, olga, mina, 'moderator');
    const [first, second] = [await acts.invite(room.id, olga), await acts.invite(room.id, mina)];
    expect((await call(there, 'DELETE', `/api/rooms/${room.id}/invites/${first.id}`, mina)).status).toBe(204);
    await acts.remove(room.id, olga, mina);
    for (const { token } of [first, second]) {
      for (const user of [mina, paul]) expect((await call(there, 'POST', '/api/invites/accept', user, { token })).status).toBe(404);
    }
  });

  it('[INVITE-6] the token is shown once, is not kept, and members see only links of their own', async () => {
    const open = await acts.make(olga);
    await acts.add(open.id, olga, mina);
    const [byOlga, byMina] = [await acts.invite(open.id, olga, { label: 'for the club', uses: 5 }), await acts.invite(open.id, mina)];
    const list = async (user: TestUser): Promise<string[]> =>
      (await call<RoomInvitesList>(there, 'GET', `/api/rooms/${open.id}/invites`, user)).body.invites.map(({ id }) => id).sort();
    expect(await list(olga)).toEqual([byOlga.id, byMina.id].sort());
    expect(await list(mina)).toEqual([byMina.id]);
    const { body } = await call<RoomInvitesList>(there, 'GET', `/api/rooms/${open.id}/invites`, olga);
    expect(body.invites.find(({ id }) => id === byOlga.id)).toMatchObject({ label: 'for the club', usesLeft: 5, createdBy: olga.id });
    expect(JSON.stringify(body)).not.toContain(byOlga.token);
    const database = new Client({ connectionString: here.databaseUrl });
    await database.connect();
    const { rows } = await database.query('select * from room_invites');
    await database.end();
    expect(JSON.stringify(rows)).not.toContain(byOlga.token);
    expect(here.log + there.log).not.toContain(byOlga.token);
  });
});

describe('archiving and muting', () => {
  it('[ARCHIVE-1] an archived room can be read and left; nobody writes or comes in, on any server, until it is opened again', async () => {
    const room = await acts.make(olga);
    await acts.add(room.id, olga, mina);
    const { token } = await acts.invite(room.id, olga);
    const client = await there.client(mina);
    await client.subscribeToErrors();
    await client.request(chatSend, { roomId: room.id, message: 'before' });
    const archive = (archived: boolean): Promise<unknown> => call(here, 'PUT', `/api/rooms/${room.id}/archive`, olga, { archived });
    expect(await archive(true)).toMatchObject({ status: 200 });
    expect(await client.refusal(chatSend, { roomId: room.id, message: 'after' })).toMatchObject({ code: 'forbidden' });
    expect((await call(there, 'POST', `/api/rooms/${room.id}/members`, paul, { id: paul.id })).status).toBe(403);
    expect((await call(there, 'POST', `/api/rooms/${room.id}/members`, olga, { id: paul.id })).status).toBe(403);
    expect((await call(there, 'POST', '/api/invites/accept', paul, { token })).status).toBe(403);
    expect((await call(there, 'POST', `/api/rooms/${room.id}/invites`, olga, {})).status).toBe(403);
    expect((await there.get(`/api/conversations/${room.conversationId}/messages`, mina)).status).toBe(200);
    await client.request(chatLeave, { roomId: room.id });
    expect(await archive(false)).toMatchObject({ status: 200 });
    await client.request(chatJoin, { roomId: room.id });
    await client.request(chatSend, { roomId: room.id, message: 'again' });
    expect(await acts.see(room.id, olga)).toMatchObject({ lastSeq: 6 });
  });

  it('[MUTE-1] a room is muted for oneself, for a time or without end', async () => {
    const room = await acts.make(olga);
    await acts.add(room.id, olga, mina);
    const mute = async (body: object): Promise<number | undefined> => (await call<Room>(here, 'PUT', `/api/rooms/${room.id}/mute`, mina, body)).body.me.mutedUntil;
    const soon = room.createdAt + 3_600_000;
    expect(await mute({ until: soon })).toBe(soon);
    expect(await mute({ until: room.createdAt })).toBeUndefined();
    expect(await mute({})).toBeGreaterThan(soon);
    expect((await elsewhere.see(room.id, mina)).me.mutedUntil).toBeGreaterThan(soon);
    expect((await acts.see(room.id, olga)).me).not.toHaveProperty('mutedUntil');
    const { body } = await call<Room>(there, 'DELETE', `/api/rooms/${room.id}/mute`, mina);
    expect(body.me).not.toHaveProperty('mutedUntil');
  });

  it('[LIST-5] the list of conversations says since when one is in a room, and until when one has muted it', async () => {
    const room = await acts.make(olga);
    await acts.add(room.id, olga, mina);
    const listed = async (user: TestUser) => (await call<ConversationsPage>(there, 'GET', '/api/conversations', user)).body.conversations[0];
    const { joinedAt } = (await acts.see(room.id, mina)).me;
    expect(await listed(mina)).toMatchObject({ roomId: room.id, joinedAt });
    expect(await listed(mina)).not.toHaveProperty('mutedUntil');
    const until = room.createdAt + 3_600_000;
    await call(here, 'PUT', `/api/rooms/${room.id}/mute`, mina, { until });
    expect(await listed(mina)).toMatchObject({ joinedAt, mutedUntil: until });
    expect(await listed(olga)).not.toHaveProperty('mutedUntil');
  });
});
