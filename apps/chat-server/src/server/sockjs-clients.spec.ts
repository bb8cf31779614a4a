import { SendDestination } from '@chat/protocol';
import { Client, type IFrame, type IMessage } from '@stomp/stompjs';
import SockJS from 'sockjs-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTwoServers, type TestCluster, type TestServer, type TestUser } from '../testing/test-server.ts';

// What people have: `sockjs-client` with `@stomp/stompjs` on top, over each transport.

const TRANSPORTS = ['websocket', 'xhr-streaming', 'eventsource', 'xhr-polling'] as const;

let cluster: TestCluster;
const clients: Client[] = [];

beforeAll(async () => {
  cluster = await startTwoServers();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.deactivate({ force: true })));
});
afterAll(() => cluster.stop());

type Connected = {
  readonly client: Client;
  readonly transport: string | undefined;
  readonly messages: { readonly message: string; readonly from: string; readonly seq: number }[];
  /** Sends a text and answers with the RECEIPT. */
  say(to: TestUser, message: string): Promise<IFrame>;
};

let receipts = 0;

async function connect(server: TestServer, transport: (typeof TRANSPORTS)[number], user: TestUser): Promise<Connected> {
  const messages: Connected['messages'] = [];
  let socket: WebSocket | undefined;
  const client = new Client({
    // It implements as much of a WebSocket as stompjs needs.
    webSocketFactory: () => (socket = new SockJS(`${server.url}/ws-chat`, null, { transports: [transport] })),
    connectHeaders: { Authorization: `Bearer ${user.token}` },
    reconnectDelay: 0,
  });
  clients.push(client);
  await new Promise<void>((resolve, reject) => {
    client.onConnect = () => resolve();
    client.onStompError = (frame) => reject(new Error(frame.headers['message']));
    client.onWebSocketClose = (event: CloseEvent) => reject(new Error(`It closed with ${event.code} ${event.reason}`));
    client.activate();
  });
  const receipt = `s${++receipts}`;
  const live = new Promise<void>((resolve) => client.watchForReceipt(receipt, () => resolve()));
  client.subscribe(
    '/user/queue/messages',
    (message: IMessage) => {
      const entry = JSON.parse(message.body) as Connected['messages'][number] & { type: string }; // our own entries
      if (entry.type === 'CHAT') messages.push(entry);
    },
    { receipt },
  );
  await live;
  const say: Connected['say'] = (to, message) => {
    const id = `r${++receipts}`;
    const answered = new Promise<IFrame>((resolve) => client.watchForReceipt(id, resolve));
    client.publish({ destination: SendDestination.chatSend, headers: { receipt: id }, body: JSON.stringify({ to: to.id, message }) });
    return answered;
  };
  return { client, transport: (socket as { transport?: string } | undefined)?.transport, messages, say };
}

describe.each(TRANSPORTS)('sockjs-client over %s', (transport) => {
  it('[SOCKJS-2] connects, sends, gets receipt and echo, and the other side gets it on another server', async () => {
    const [here, there] = cluster.servers;
    const [alice, bob] = await Promise.all([here.newUser('alice'), there.newUser('bob')]);
    const [from, to] = await Promise.all([connect(here, transport, alice), connect(there, transport, bob)]);
    expect([from.transport, to.transport]).toEqual([transport, transport]);
    const texts = ['Hello', '100 %20 % \u2028 \u200d ￿ "\\" 😀', 'a\nb\tc', 'last'];
    for (const [i, text] of texts.entries()) {
      const receipt = await from.say(bob, text);
      expect(receipt.headers).toMatchObject({ seq: String(i + 1), 'conversation-id': `direct:${[alice.id, bob.id].sort().join(':')}` });
    }
    const expected = texts.map((message, i) => ({ seq: i + 1, from: alice.id, message }));
    await expect.poll(() => from.messages).toMatchObject(expected);
    await expect.poll(() => to.messages).toMatchObject(expected);
  });

  it('[SOCKJS-2] carries a hundred messages each way at once, in order and once', async () => {
    const [here, there] = cluster.servers;
    const [alice, bob] = await Promise.all([here.newUser('alice'), there.newUser('bob')]);
    const [from, to] = await Promise.all([connect(here, transport, alice), connect(there, transport, bob)]);
    const numbers = Array.from({ length: 100 }, (_, i) => i);
    await Promise.all(numbers.flatMap((n) => [from.say(bob, `a${n} ${'x'.repeat(2_000)}`), to.say(alice, `b${n}`)]));
    for (const { messages } of [from, to]) {
      await expect.poll(() => messages.length, { timeout: 10_000 }).toBe(200);
      expect(messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    }
    expect(from.messages.map(({ message }) => message)).toEqual(to.messages.map(({ message }) => message));
  });

  it('[SOCKJS-13] is told the code with which the server ends its session', async () => {
    const server = cluster.servers[0];
    const socket = new SockJS(`${server.url}/ws-chat`, null, { transports: [transport] });
    const closed = new Promise<CloseEvent>((resolve) => (socket.onclose = resolve));
    const heard: string[] = [];
    socket.onmessage = ({ data }) => heard.push(data as string); // strings are all that SockJS carries
    socket.onopen = () => socket.send('HELLO\n\n\0');
    expect(await closed).toMatchObject({ code: 1002 });
    expect(heard.join('')).toMatch(/^ERROR\n/);
  });

  it('[SOCKJS-2] says good-bye by DISCONNECT and its RECEIPT', async () => {
    const server = cluster.servers[0];
    const { client } = await connect(server, transport, await server.newUser('user'));
    const ended = new Promise<IFrame>((resolve) => (client.onDisconnect = resolve));
    await client.deactivate();
    expect((await ended).command).toBe('RECEIPT');
    await expect.poll(() => server.metric('chat_sockjs_sessions'), { timeout: 10_000 }).toBe(0);
  });
});
