import { SendDestination, type ChatMessage, type MessagesPage } from '@chat/protocol';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Retention } from '../retention/retention.ts';
import { RoomActs } from '../testing/test-rooms.ts';
import { startTwoServers, type TestCluster, type TestServer } from '../testing/test-server.ts';

/** A room keeps its newest three; everybody who comes later, on either server, finds these and goes on from there. */
describe('what retention leaves', () => {
  let cluster: TestCluster;
  let here: TestServer;
  let there: TestServer;
  let pool: Pool;

  beforeAll(async () => {
    cluster = await startTwoServers();
    [here, there] = cluster.servers;
    pool = new Pool({ connectionString: here.databaseUrl, max: 2 });
  });
  afterAll(async () => {
    await pool.end();
    await cluster.stop();
  });

  const seqs = (messages: readonly ChatMessage[]): (number | undefined)[] => messages.map((message) => ('seq' in message ? message.seq : undefined));

  it('[RETAIN-1] is what devices, topics and history begin with; what comes then has the next seq', async () => {
    const [olga, mia] = await Promise.all([here.newUser('olga'), here.newUser('mia')]);
    const rooms = new RoomActs(here);
    const room = await rooms.make(olga);
    await rooms.add(room.id, olga, mia);
    const writer = await here.chatting(olga);
    const say = async (message: string): Promise<void> => {
      writer.send(SendDestination.chatSend, { roomId: room.id, message });
      await writer.message('m', 'CHAT');
    };
    for (let i = 3; i <= 9; i++) await say(`m${i}`);
    await pool.query('update rooms set retention_entries = 3 where room_id = $1', [room.id]);
    const onDefect = (error: unknown): void => {
      throw error;
    };
    await new Retention({ pool, keep: { days: 0, entries: 0 }, onDefect, youngestMs: 0 }).sweep();

    const device = await there.chatting(mia);
    expect(seqs(await device.messages('m', 3, 'CHAT'))).toEqual([7, 8, 9]);
    const synced = await there.client(mia, {});
    await synced.subscribeToMessages({ resume: 'sync' });
    synced.send(SendDestination.chatSync, { cursors: { [room.conversationId]: 2 } });
    expect(seqs(await synced.messages('m', 3, 'CHAT'))).toEqual([7, 8, 9]);
    expect(await synced.message('m', 'SYNCED')).toMatchObject({ cursors: { [room.conversationId]: 9 } });
    const topic = await device.subscribe(`/topic/rooms.${room.id}`, { after: '0' });
    expect(seqs(await device.messages(topic, 3, 'CHAT'))).toEqual([7, 8, 9]);
    const { body } = await there.get(`/api/conversations/${room.conversationId}/messages?after=0`, mia);
    expect(seqs((body as MessagesPage).messages)).toEqual([7, 8, 9]); // what the route promises

    await say('m10');
    for (const client of [device, synced]) expect(await client.message('m', 'CHAT')).toMatchObject({ seq: 10, message: 'm10' });
  });
});
