import { SendDestination, type Readers, type Room } from '@chat/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RoomActs } from '../testing/test-rooms.ts';
import { startTwoServers, type TestCluster, type TestServer, type TestUser } from '../testing/test-server.ts';

const { chatSend, chatRead, chatEdit } = SendDestination;

/** Rooms of more than three members are large here. */
const LARGE = { READ_RECEIPT_MEMBERS: '3', READERS_BY_NAME_MEMBERS: '4' };

let cluster: TestCluster;
let here: TestServer;
let there: TestServer;
let acts: RoomActs;
let olga: TestUser;
let others: TestUser[];
let room: Room;

beforeAll(async () => {
  cluster = await startTwoServers(LARGE);
  [here, there] = cluster.servers;
  acts = new RoomActs(here);
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  olga = await here.newUser('olga');
  others = await Promise.all(['anna', 'ben', 'cleo', 'dora'].map((name) => there.newUser(name)));
  room = await acts.make(olga);
});

async function readersOf(server: TestServer, seq: number, user: TestUser): Promise<unknown> {
  const { body } = await server.get(`/api/conversations/${room.conversationId}/messages/${seq}/readers`, user);
  const { notRead, read, unread } = body as Readers; // what the route promises
  return { notRead, read: read?.map(({ userId }) => userId), unread: unread?.map(({ userId }) => userId) };
}

async function fill(members: number): Promise<void> {
  for (const user of others.slice(0, members)) await acts.add(room.id, olga, user);
}

describe('who has read', () => {
  it('[NOTREAD-1] in a large room those who look are told numbers, and nobody is told of persons', async () => {
    await fill(4);
    const [viewer, ...readers] = await Promise.all([here.chatting(olga), ...others.map((user) => there.chatting(user))]);
    const topic = await viewer.subscribe(`/topic/rooms.${room.id}`);
    const receipt = await viewer.request(chatSend, { roomId: room.id, message: 'who reads?' });
    const seq = Number(receipt.headers.get('seq'));
    const counts = new Set<number>();
    let last = -1;
    const listen = async (until: number): Promise<void> => {
      while (last !== until) {
        const { notRead = [] } = (await viewer.message(topic, 'READ')) as { notRead?: [number, number][] }; // to a topic it is of this form
        for (const [at, count] of notRead) if (at === seq) counts.add((last = count));
      }
    };
    await listen(4);
    for (const reader of readers.slice(0, 3)) await reader.request(chatRead, { roomId: room.id, seq });
    await listen(1);
    await readers[3]?.request(chatRead, { roomId: room.id, seq });
    await listen(0);
    expect([...counts].every((count) => count <= 4)).toBe(true);
    await Promise.all(readers.map((reader) => reader.fence()));
    // One's own moves are told to one's own devices.
    for (const [i, reader] of readers.entries()) {
      expect(reader.unreadOf('m', 'READ').filter((signal) => 'from' in signal && signal.from !== others[i]?.id)).toEqual([]);
    }
  });

  it('[READERS-1] names are said to members of rooms that are not too large, without who wrote it', async () => {
    await fill(3);
    const [writer, reader] = await Promise.all([here.chatting(olga), there.chatting(others[0] ?? olga)]);
    const seq = Number((await writer.request(chatSend, { roomId: room.id, message: 'x' })).headers.get('seq'));
    await reader.request(chatRead, { roomId: room.id, seq });
    const ids = others.map((user) => user.id);
    await expect.poll(() => readersOf(there, seq, olga)).toEqual({ notRead: 2, read: [ids[0]], unread: [ids[1], ids[2]].sort() });
  });

  it('[READERS-1] to others, and in larger rooms, the number alone; of what one may not read nothing', async () => {
    await fill(3);
    const writer = await here.chatting(olga);
    const seq = Number((await writer.request(chatSend, { roomId: room.id, message: 'x' })).headers.get('seq'));
    const stranger = await there.newUser('stranger');
    expect(await readersOf(there, seq, stranger)).toEqual({ notRead: 3 });
    await fill(4);
    const later = Number((await writer.request(chatSend, { roomId: room.id, message: 'y' })).headers.get('seq'));
    expect(await readersOf(there, later, olga)).toEqual({ notRead: 4 });
    const hidden = await acts.make(olga, { visibility: 'private' });
    const path = `/api/conversations/${hidden.conversationId}/messages/1/readers`;
    expect(await there.get(path, stranger)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  it('[EDIT-1] an edit made on one server shows on the other, live and in history', async () => {
    await fill(1);
    const reader = others[0] ?? olga;
    const [writer, client] = await Promise.all([here.chatting(olga), there.chatting(reader)]);
    const target = Number((await writer.request(chatSend, { roomId: room.id, message: 'frist' })).headers.get('seq'));
    await writer.request(chatEdit, { conversationId: room.conversationId, target, message: 'first' });
    expect(await client.message('m', 'EDIT')).toMatchObject({ target, message: 'first', seq: target + 1 });
    const { body } = await there.get(`/api/conversations/${room.conversationId}/messages?around=${target}&limit=1`, reader);
    expect(body).toMatchObject({ messages: [{ seq: target, message: 'first' }] });
  });
});
