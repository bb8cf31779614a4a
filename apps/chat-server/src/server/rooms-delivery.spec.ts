import { SendDestination, type Entry, type Room } from '@chat/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RoomActs } from '../testing/test-rooms.ts';
import { startTwoServers, type TestCluster, type TestServer, type TestUser } from '../testing/test-server.ts';

const { chatJoin, chatLeave, chatSend, chatSync } = SendDestination;

let cluster: TestCluster;
let here: TestServer;
let there: TestServer;
let acts: RoomActs;
let anna: TestUser;
let ben: TestUser;
let room: Room;

beforeAll(async () => {
  cluster = await startTwoServers();
  [here, there] = cluster.servers;
  acts = new RoomActs(here);
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  [anna, ben] = await Promise.all([here.newUser('anna'), there.newUser('ben')]);
  room = await acts.make(anna, { visibility: 'private' });
});

/** Entries as type, seq and from. */
const brief = (messages: readonly unknown[]): string[] =>
  messages.map((message) => {
    const { type, seq, from } = message as Entry; // every message of a room asked for here is one
    return `${type} ${seq} ${from}`;
  });

describe('a room on two servers', () => {
  it('[R3] who is added while connected elsewhere gets the JOIN and everything after it', async () => {
    const [annas, bens] = await Promise.all([here.chatting(anna), there.chatting(ben)]);
    await acts.add(room.id, anna, ben);
    await annas.request(chatSend, { roomId: room.id, message: 'hello' });
    expect(brief(await bens.messages('m', 2))).toEqual([`JOIN 2 ${ben.id}`, `CHAT 3 ${anna.id}`]);
    await bens.request(chatSend, { roomId: room.id, message: 'hello yourself' });
    expect(brief(await annas.messages('m', 4))).toEqual([`JOIN 1 ${anna.id}`, `JOIN 2 ${ben.id}`, `CHAT 3 ${anna.id}`, `CHAT 4 ${ben.id}`]);
  });

  it('[G3] who is expelled gets the LEAVE as the last, on the messages and on the topic', async () => {
    await acts.add(room.id, anna, ben);
    const bens = await there.chatting(ben);
    await bens.subscribe(`/topic/rooms.${room.id}`, { id: 't', after: '1' });
    await acts.remove(room.id, anna, ben);
    const annas = await here.chatting(anna);
    await annas.request(chatSend, { roomId: room.id, message: 'without ben' });
    expect(brief(await bens.messages('t', 2))).toEqual([`JOIN 2 ${ben.id}`, `LEAVE 3 ${ben.id}`]);
    expect(brief(await bens.messages('m', 2))).toEqual([`JOIN 2 ${ben.id}`, `LEAVE 3 ${ben.id}`]);
    await bens.fence();
    expect([...bens.unreadOf('m', 'CHAT'), ...bens.unreadOf('t', 'CHAT')]).toEqual([]);
  });

  it('[S3] who was away gets what was up to the LEAVE, then the JOIN of the next', async () => {
    const before = await there.chatting(ben, { device: 'd' });
    before.vanish();
    await before.closed;
    await acts.add(room.id, anna, ben);
    const annas = await here.client(anna);
    await annas.request(chatSend, { roomId: room.id, message: 'for ben' });
    await acts.remove(room.id, anna, ben);
    await annas.request(chatSend, { roomId: room.id, message: 'not for ben' });
    await acts.add(room.id, anna, ben);
    const bens = await there.client(ben, { device: 'd' });
    await bens.subscribeToMessages({ resume: 'sync' });
    bens.send(chatSync, { cursors: {} });
    expect(brief(await bens.messages('m', 4))).toEqual([`JOIN 2 ${ben.id}`, `CHAT 3 ${anna.id}`, `LEAVE 4 ${ben.id}`, `JOIN 6 ${ben.id}`]);
    expect(await bens.message('m')).toMatchObject({ type: 'SYNCED', cursors: { [room.conversationId]: 6 } });
  });

  it('[R2] a public room is shown to whoever looks, on a server without a member', async () => {
    const open = await acts.make(anna);
    const bens = await there.client(ben);
    await bens.subscribe(`/topic/rooms.${open.id}`, { id: 't' });
    const annas = await here.chatting(anna);
    await annas.request(chatSend, { roomId: open.id, message: 'for everyone' });
    await bens.request(chatJoin, { roomId: open.id });
    await bens.request(chatLeave, { roomId: open.id });
    await annas.request(chatSend, { roomId: open.id, message: 'still for everyone' });
    expect(brief(await bens.messages('t', 4))).toEqual([`CHAT 2 ${anna.id}`, `JOIN 3 ${ben.id}`, `LEAVE 4 ${ben.id}`, `CHAT 5 ${anna.id}`]);
  });

  it('[G3] a private room is not to be known of by whoever is no member', async () => {
    const bens = await there.client(ben);
    await bens.subscribeToErrors();
    bens.frame('SUBSCRIBE', { destination: `/topic/rooms.${room.id}`, id: 't' });
    expect(await bens.message('e')).toMatchObject({ code: 'not-found' });
  });
});
