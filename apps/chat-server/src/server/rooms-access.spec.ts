import { SendDestination, type NewRoomInvite, type Room, type RoomVisibility } from '@chat/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StompClient } from '../testing/stomp-client.ts';
import { call, RoomActs } from '../testing/test-rooms.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

// Who may do what in rooms, in one table: each request by everybody, in a public room and in a private one. Every cell
// is tried in a room of its own, since most requests change it.

const PEOPLE = ['stranger', 'former', 'banned', 'member', 'moderator', 'owner'] as const;
type Person = (typeof PEOPLE)[number];

/** A room with everybody in their place, `other` a plain member to do something to, and what the owner made. */
type Stage = {
  readonly room: Room;
  readonly people: Readonly<Record<Person | 'other' | 'newcomer', TestUser>>;
  readonly invite: NewRoomInvite;
};

type Request = {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: (stage: Stage, self: TestUser) => string;
  readonly body?: (stage: Stage, self: TestUser) => object;
  /** By person, in the order of `PEOPLE`. */
  readonly public: readonly number[];
  readonly private: readonly number[];
};

const at = (rest: string) => (stage: Stage) => `/api/rooms/${stage.room.id}${rest}`;

const REQUESTS: readonly Request[] = [
  { name: 'GET room', method: 'GET', path: at(''), public: [200, 200, 200, 200, 200, 200], private: [404, 404, 404, 200, 200, 200] },
  { name: 'PATCH name', method: 'PATCH', path: at(''), body: () => ({ name: 'Another' }), public: [403, 403, 403, 403, 200, 200], private: [404, 404, 404, 403, 200, 200] },
  { name: 'PATCH retention', method: 'PATCH', path: at(''), body: () => ({ retentionDays: 30 }), public: [403, 403, 403, 403, 403, 200], private: [404, 404, 404, 403, 403, 200] },
  { name: 'PUT archive', method: 'PUT', path: at('/archive'), body: () => ({ archived: true }), public: [403, 403, 403, 403, 403, 200], private: [404, 404, 404, 403, 403, 200] },
  { name: 'GET members', method: 'GET', path: at('/members'), public: [200, 200, 200, 200, 200, 200], private: [404, 404, 404, 200, 200, 200] },
  { name: 'POST oneself', method: 'POST', path: at('/members'), body: (_, self) => ({ id: self.id }), public: [201, 201, 403, 200, 200, 200], private: [404, 404, 404, 200, 200, 200] },
  { name: 'POST a newcomer', method: 'POST', path: at('/members'), body: ({ people }) => ({ id: people.newcomer.id }), public: [403, 403, 403, 201, 201, 201], private: [404, 404, 404, 403, 201, 201] },
  { name: 'POST a banned one', method: 'POST', path: at('/members'), body: ({ people }) => ({ id: people.banned.id }), public: [403, 403, 403, 403, 403, 403], private: [404, 404, 404, 403, 403, 403] },
  { name: 'PATCH role of a member', method: 'PATCH', path: (stage) => at(`/members/${stage.people.other.id}`)(stage), body: () => ({ role: 'moderator' }), public: [403, 403, 403, 403, 403, 200], private: [404, 404, 404, 403, 403, 200] },
  { name: 'DELETE oneself', method: 'DELETE', path: (stage, self) => at(`/members/${self.id}`)(stage), public: [403, 200, 200, 200, 200, 409], private: [404, 200, 200, 200, 200, 409] },
  { name: 'DELETE a member', method: 'DELETE', path: (stage) => at(`/members/${stage.people.other.id}`)(stage), public: [403, 403, 403, 403, 200, 200], private: [404, 404, 404, 403, 200, 200] },
  { name: 'DELETE the owner', method: 'DELETE', path: (stage) => at(`/members/${stage.people.owner.id}`)(stage), public: [403, 403, 403, 403, 403, 409], private: [404, 404, 404, 403, 403, 409] },
  { name: 'DELETE a stranger', method: 'DELETE', path: (stage) => at(`/members/${stage.people.newcomer.id}`)(stage), public: [403, 403, 403, 403, 404, 404], private: [404, 404, 404, 403, 404, 404] },
  { name: 'POST transfer', method: 'POST', path: at('/transfer'), body: ({ people }) => ({ to: people.other.id }), public: [403, 403, 403, 403, 403, 200], private: [404, 404, 404, 403, 403, 200] },
  { name: 'GET bans', method: 'GET', path: at('/bans'), public: [403, 403, 403, 403, 200, 200], private: [404, 404, 404, 403, 200, 200] },
  { name: 'PUT ban of a member', method: 'PUT', path: (stage) => at(`/bans/${stage.people.other.id}`)(stage), body: () => ({}), public: [403, 403, 403, 403, 200, 200], private: [404, 404, 404, 403, 200, 200] },
  { name: 'PUT ban of a stranger', method: 'PUT', path: (stage) => at(`/bans/${stage.people.newcomer.id}`)(stage), body: () => ({}), public: [403, 403, 403, 403, 200, 200], private: [404, 404, 404, 403, 200, 200] },
  { name: 'PUT ban of the owner', method: 'PUT', path: (stage) => at(`/bans/${stage.people.owner.id}`)(stage), body: () => ({}), public: [403, 403, 403, 403, 403, 403], private: [404, 404, 404, 403, 403, 403] },
  { name: 'DELETE ban', method: 'DELETE', path: (stage) => at(`/bans/${stage.people.banned.id}`)(stage), public: [403, 403, 403, 403, 204, 204], private: [404, 404, 404, 403, 204, 204] },
  { name: 'GET invites', method: 'GET', path: at('/invites'), public: [403, 403, 403, 200, 200, 200], private: [404, 404, 404, 200, 200, 200] },
  { name: 'POST invites', method: 'POST', path: at('/invites'), body: () => ({}), public: [403, 403, 403, 201, 201, 201], private: [404, 404, 404, 403, 201, 201] },
  { name: 'DELETE an invite of the owner', method: 'DELETE', path: (stage) => at(`/invites/${stage.invite.id}`)(stage), public: [403, 403, 403, 404, 204, 204], private: [404, 404, 404, 404, 204, 204] },
  { name: 'POST preview, with the link', method: 'POST', path: () => '/api/invites/preview', body: ({ invite }) => ({ token: invite.token }), public: [200, 200, 403, 200, 200, 200], private: [200, 200, 403, 200, 200, 200] },
  { name: 'POST accept, with the link', method: 'POST', path: () => '/api/invites/accept', body: ({ invite }) => ({ token: invite.token }), public: [201, 201, 403, 200, 200, 200], private: [201, 201, 403, 200, 200, 200] },
  { name: 'POST accept, with its id', method: 'POST', path: () => '/api/invites/accept', body: ({ invite }) => ({ token: invite.id }), public: [404, 404, 404, 404, 404, 404], private: [404, 404, 404, 404, 404, 404] },
  { name: 'PUT mute', method: 'PUT', path: at('/mute'), body: () => ({}), public: [403, 403, 403, 200, 200, 200], private: [404, 404, 404, 200, 200, 200] },
  { name: 'DELETE mute', method: 'DELETE', path: at('/mute'), public: [403, 403, 403, 200, 200, 200], private: [404, 404, 404, 200, 200, 200] },
  { name: 'GET messages', method: 'GET', path: ({ room }) => `/api/conversations/${room.conversationId}/messages`, public: [200, 200, 200, 200, 200, 200], private: [404, 404, 404, 200, 200, 200] },
];

type Send = {
  readonly name: string;
  readonly destination: string;
  readonly body: (stage: Stage) => object;
  /** `done`, or the code of the refusal. */
  readonly public: readonly string[];
  readonly private: readonly string[];
};

const HIDDEN = ['not-found', 'not-found', 'not-found'];
const SENDS: readonly Send[] = [
  { name: 'chat.send', destination: SendDestination.chatSend, body: ({ room }) => ({ roomId: room.id, message: 'hello' }), public: ['forbidden', 'forbidden', 'forbidden', 'done', 'done', 'done'], private: [...HIDDEN, 'done', 'done', 'done'] },
  { name: 'chat.read', destination: SendDestination.chatRead, body: ({ room }) => ({ roomId: room.id, seq: 1 }), public: ['forbidden', 'forbidden', 'forbidden', 'done', 'done', 'done'], private: [...HIDDEN, 'done', 'done', 'done'] },
  { name: 'chat.typing', destination: SendDestination.chatTyping, body: ({ room }) => ({ roomId: room.id, typing: true }), public: ['forbidden', 'forbidden', 'forbidden', 'done', 'done', 'done'], private: [...HIDDEN, 'done', 'done', 'done'] },
  { name: 'chat.join', destination: SendDestination.chatJoin, body: ({ room }) => ({ roomId: room.id }), public: ['done', 'done', 'forbidden', 'done', 'done', 'done'], private: [...HIDDEN, 'done', 'done', 'done'] },
  { name: 'chat.leave', destination: SendDestination.chatLeave, body: ({ room }) => ({ roomId: room.id }), public: ['forbidden', 'done', 'done', 'done', 'done', 'conflict'], private: ['not-found', 'done', 'done', 'done', 'done', 'conflict'] },
];

let server: TestServer;
let acts: RoomActs;

beforeAll(async () => {
  server = await startSingleServer();
  acts = new RoomActs(server);
});
afterAll(() => server.stop());

async function cast(): Promise<Stage['people']> {
  const names = [...PEOPLE, 'other', 'newcomer'] as const;
  const users = await Promise.all(names.map(async (name) => [name, await server.newUser(name)] as const));
  return Object.fromEntries(users) as Stage['people']; // of these very names
}

async function stage(visibility: RoomVisibility, people: Stage['people']): Promise<Stage> {
  const { owner, moderator, member, other, former, banned } = people;
  const room = await acts.make(owner, { visibility });
  for (const user of [moderator, member, other, former, banned]) await acts.add(room.id, owner, user);
  await acts.role(room.id, owner, moderator, 'moderator');
  await acts.remove(room.id, former, former);
  await acts.ban(room.id, owner, banned);
  return { room, people, invite: await acts.invite(room.id, owner) };
}

/** What everybody gets, each in a room of their own. */
async function statuses(request: Request, visibility: RoomVisibility): Promise<Record<string, number>> {
  const people = await cast();
  const ask = async (self: TestUser, user?: TestUser): Promise<number> => {
    const set = await stage(visibility, people);
    return (await call(server, request.method, request.path(set, self), user, request.body?.(set, self))).status;
  };
  const answers = await Promise.all(PEOPLE.map(async (person) => [person, await ask(people[person], people[person])] as const));
  return { ...Object.fromEntries(answers), nobody: await ask(people.stranger) };
}

async function outcomes(send: Send, visibility: RoomVisibility): Promise<Record<string, string>> {
  const people = await cast();
  const answers = PEOPLE.map(async (person) => {
    const set = await stage(visibility, people);
    const client = await server.client(people[person]);
    await client.subscribeToErrors();
    return [person, await outcomeOf(client, send.destination, send.body(set))] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

async function outcomeOf(client: StompClient, destination: string, body: object): Promise<string> {
  client.send(destination, body, { receipt: 'r' });
  return answerOf(client);
}

/** `done` by the RECEIPT `r`, or the code on the errors `e`. */
async function answerOf(client: StompClient): Promise<string> {
  const frame = await client.next(({ command, headers }) => (command === 'RECEIPT' ? headers.get('receipt-id') === 'r' : headers.get('subscription') === 'e'));
  return frame.command === 'RECEIPT' ? 'done' : (JSON.parse(frame.text) as { code: string }).code; // ErrorBody
}

function byPerson<Value>(values: readonly Value[]): Record<string, Value | undefined> {
  return Object.fromEntries(PEOPLE.map((person, i) => [person, values[i]]));
}

describe.each(['public', 'private'] as const)('in a %s room', (visibility) => {
  it.each(REQUESTS)('[ACCESS-1] $name: by everybody', async (request) => {
    expect(await statuses(request, visibility)).toEqual({ ...byPerson(request[visibility]), nobody: 401 });
  });

  it.each(SENDS)('[ACCESS-2] $name: by everybody who is signed in', async (send) => {
    expect(await outcomes(send, visibility)).toEqual(byPerson(send[visibility]));
  });
});

describe('/topic/rooms.{roomId}', () => {
  it.each([
    ['public', ['done', 'done', 'done', 'done', 'done', 'done']],
    ['private', [...HIDDEN, 'done', 'done', 'done']],
  ] as const)('[ACCESS-2] of a %s room: by everybody who is signed in', async (visibility, expected) => {
    const people = await cast();
    const { room } = await stage(visibility, people);
    const answers = PEOPLE.map(async (person) => {
      const client = await server.client(people[person]);
      await client.subscribeToErrors();
      client.frame('SUBSCRIBE', { destination: `/topic/rooms.${room.id}`, id: 't', receipt: 'r' });
      return [person, await answerOf(client)] as const;
    });
    expect(Object.fromEntries(await Promise.all(answers))).toEqual(byPerson(expected));
  });
});

describe('what one may not know of', () => {
  it('[ACCESS-3] looks like what there is not, in the same words', async () => {
    const people = await cast();
    const { room } = await stage('private', people);
    const paths = ['', '/members', '/bans', '/invites'];
    const ofRoom = await Promise.all(paths.map((path) => call(server, 'GET', `/api/rooms/${room.id}${path}`, people.former)));
    const ofNone = await Promise.all(paths.map((path) => call(server, 'GET', `/api/rooms/abcdefghij0123456789${path}`, people.former)));
    const ofNoId = await Promise.all(['x', '%00', 'Room1234', '__proto__'].map((id) => call(server, 'GET', `/api/rooms/${id}`, people.former)));
    for (const answer of [...ofRoom, ...ofNone, ...ofNoId]) expect(answer).toEqual({ status: 404, body: { code: 'not-found', message: 'There is no such room.' } });
  });
});
