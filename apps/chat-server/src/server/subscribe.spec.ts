import { SendDestination, type ChatEntry } from '@chat/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

let server: TestServer;
let alice: TestUser;
let bob: TestUser;

beforeAll(async () => {
  server = await startSingleServer();
  alice = await server.newUser('alice');
  bob = await server.newUser('bob');
});
afterAll(() => server.stop());

/** Ways in which somebody may try to name the queue of another user, or all of them. */
function spellingsOfOthersQueue(user: string): readonly string[] {
  const queue = 'queue/messages';
  const names = [user, `${user}@chat`, user.toUpperCase(), encodeURIComponent(user), `%${user.charCodeAt(0).toString(16)}${user.slice(1)}`, '*', '#', '>', '..', '.', ''];
  return [
    ...names.flatMap((name) => [`/user/${name}/${queue}`, `/queue/${name}/messages`, `/user/${name}/queue.messages`]),
    `/queue/messages-user${user}`,
    `/queue/messages.${user}`,
    `/user/queue/messages/${user}`,
    `/user/queue/messages/../../${user}/${queue}`,
    `/user/queue/messages;user=${user}`,
    `/user/queue/messages?user=${user}`,
    `/user/queue/messages#${user}`,
    `/user/queue/../${user}/${queue}`,
    `/user/%2e%2e/user/${user}/${queue}`,
    `//user/${user}/${queue}`,
    `/exchange/chat.exchange/chat.${user}`,
    `/amq/queue/chat.queue.${user}`,
    '/queue/#',
    '/queue/*',
    '/topic/#',
    '/topic/*',
    '/topic/rooms.*',
    '/topic/rooms.#',
    '/topic/rooms.',
    '/topic/rooms.ABCDEFGH',
    '/topic/rooms.short',
    '/topic/rooms.abcdefgh/x',
    '/user/queue/*',
    '/user/queue/messages ',
    ' /user/queue/messages',
    '/user/queue/Messages',
    '/user/queue/message\u0455',
    '/user/queue/messages\u0000',
    '/user/queue/messages\n',
    '/user/queue/messages/',
    'user/queue/messages',
    '/app/chat.send',
    '',
  ];
}

describe('SUBSCRIBE', () => {
  it('[SUB-1] its RECEIPT comes when it is live: an entry that is sent afterwards comes', async () => {
    const client = await server.client(alice);
    client.frame('SUBSCRIBE', { destination: '/user/queue/messages', id: 'mine', receipt: 'live' });
    await client.receipt('live');
    await (await server.client(bob)).say(alice.id, 'hello');
    const frame = await client.next((one) => one.command === 'MESSAGE');
    const { id } = JSON.parse(frame.text) as ChatEntry; // a CHAT entry by the protocol
    expect(Object.fromEntries(frame.headers)).toEqual({
      subscription: 'mine',
      destination: '/user/queue/messages',
      'content-type': 'application/json',
      'message-id': `${id}/mine`,
      'content-length': String(Buffer.byteLength(frame.text)),
    });
  });

  it.each(['1.1', '1.2'])('[SUB-2] without an id it gets ERROR and 1002 in %s', async (version) => {
    const client = await server.client(alice, { 'accept-version': version });
    client.frame('SUBSCRIBE', { destination: '/user/queue/messages' });
    expect((await client.error()).headers.get('message')).toMatch(/id/);
    expect(await client.closed).toMatchObject({ code: 1002 });
  });

  it('[SUB-2] in 1.0 the destination stands for the id', async () => {
    const client = await server.client(alice, { 'accept-version': '1.0' });
    client.frame('SUBSCRIBE', { destination: '/user/queue/messages', receipt: 'live' });
    await client.receipt('live');
    await client.say(alice.id, 'to myself');
    const subscription = '/user/queue/messages';
    while (((await client.message(subscription, 'CHAT')) as ChatEntry).message !== 'to myself');
    client.frame('UNSUBSCRIBE', { destination: subscription, receipt: 'ended' });
    await client.receipt('ended');
  });

  it('[SUB-3] a second SUBSCRIBE with the same id gets ERROR and 1002', async () => {
    const client = await server.client(alice);
    await client.subscribe('/user/queue/messages', { id: 'one' });
    client.frame('SUBSCRIBE', { destination: '/user/queue/errors', id: 'one' });
    expect((await client.error()).headers.get('message')).toMatch(/same id/);
    expect(await client.closed).toMatchObject({ code: 1002 });
  });

  it('[SUB-3] an id may be used again after UNSUBSCRIBE, and by another session at the same time', async () => {
    const client = await server.client(alice);
    const other = await server.client(alice);
    await other.subscribe('/user/queue/errors', { id: 'one' });
    await client.subscribe('/user/queue/errors', { id: 'one' });
    client.frame('UNSUBSCRIBE', { id: 'one', receipt: 'ended' });
    await client.receipt('ended');
    await client.subscribe('/user/queue/messages', { id: 'one' });
  });

  it('[SUB-4] another user\'s queue under any spelling, and whatever else is not in the grammar, gets ERROR and 1002', async () => {
    const destinations = spellingsOfOthersQueue(bob.id);
    const tries = destinations.map(async (destination) => {
      // Without limits on sessions of one user: somebody new for each.
      const client = await server.client(await server.newUser('mallory'));
      client.frame('SUBSCRIBE', { destination, id: '1', receipt: 'live' });
      const answer = await client.next((frame) => frame.command === 'ERROR' || frame.command === 'RECEIPT');
      const { code } = answer.command === 'ERROR' ? await client.closed : { code: 0 };
      return { destination, answer: answer.command, code };
    });
    expect(await Promise.all(tries)).toEqual(destinations.map((destination) => ({ destination, answer: 'ERROR', code: 1002 })));
  });

  it('[SUB-5] with 64 subscriptions there is room for no other', async () => {
    const client = await server.client(alice);
    for (let i = 0; i < 64; i++) client.frame('SUBSCRIBE', { destination: '/user/queue/errors', id: `${i}`, receipt: `r${i}` });
    await client.receipt('r63');
    client.frame('UNSUBSCRIBE', { id: '10' });
    client.frame('SUBSCRIBE', { destination: '/user/queue/errors', id: '64', receipt: 'r64' });
    await client.receipt('r64');
    client.frame('SUBSCRIBE', { destination: '/user/queue/errors', id: '65', receipt: 'r65' });
    expect((await client.error()).headers.get('message')).toMatch(/64/);
    expect(await client.closed).toMatchObject({ code: 1002 });
  });

  it('[SUB-6] two subscriptions that match an entry get it twice', async () => {
    const client = await server.client(bob);
    await client.subscribe('/user/queue/messages', { id: 'one' });
    await client.subscribe('/user/queue/messages', { id: 'two' });
    const seq = await client.say(bob.id, 'twice');
    for (const id of ['one', 'two']) {
      const got = await client.next((frame) => frame.headers.get('subscription') === id && frame.text.includes('twice'));
      expect(JSON.parse(got.text)).toMatchObject({ seq, message: 'twice' });
    }
    await client.fence();
    expect(client.unread.filter((frame) => frame.text.includes('twice'))).toEqual([]);
  });

  it('[SUB-7] a room that one may not read is not-found among the errors, without RECEIPT, and the connection lives', async () => {
    const client = await server.chatting(alice);
    client.frame('SUBSCRIBE', { destination: '/topic/rooms.abcdefgh1234', id: 'room', receipt: 'room-live' });
    const refused = await client.refusalOf('room-live');
    expect(refused).toMatchObject({ code: 'not-found', destination: '/topic/rooms.abcdefgh1234' });
    // Clients end their subscriptions by habit, also one that there never was.
    client.frame('UNSUBSCRIBE', { id: 'room', receipt: 'room-ended' });
    await client.receipt('room-ended');
    await client.fence();
    expect(client.unread.filter((frame) => frame.command === 'RECEIPT' || frame.command === 'ERROR')).toEqual([]);
  });
});

describe('UNSUBSCRIBE', () => {
  it('[SUB-8] after its RECEIPT nothing more comes; other subscriptions go on', async () => {
    const client = await server.client(alice);
    await client.subscribe('/user/queue/messages', { id: 'gone' });
    await client.subscribe('/user/queue/messages', { id: 'stays' });
    client.frame('UNSUBSCRIBE', { id: 'gone', receipt: 'ended' });
    await client.receipt('ended');
    await client.say(alice.id, 'after the end');
    await client.next((frame) => frame.headers.get('subscription') === 'stays' && frame.text.includes('after the end'));
    await client.fence();
    expect(client.unreadOf('gone').filter((message) => (message as ChatEntry).message === 'after the end')).toEqual([]);
  });

  it('[SUB-8] of a subscription that there is not, it is done already', async () => {
    const client = await server.client(alice);
    client.frame('UNSUBSCRIBE', { id: 'never', receipt: 'ended' });
    await client.receipt('ended');
  });

  it('[SUB-8] without an id it gets ERROR and 1002', async () => {
    const client = await server.client(alice);
    client.frame('UNSUBSCRIBE', {});
    expect((await client.error()).headers.get('message')).toMatch(/UNSUBSCRIBE/);
    expect(await client.closed).toMatchObject({ code: 1002 });
  });

  it('[SUB-10] a subscription that is ended along with its beginning gives both receipts, the one of SUBSCRIBE first', async () => {
    const made = await server.post('/api/rooms', { name: 'Tea', visibility: 'public' }, alice);
    const { id: roomId } = made.body as { id: string }; // what the route promises; otherwise there is no RECEIPT
    const client = await server.client(bob);
    for (const destination of ['/user/queue/messages', '/user/queue/presence', `/topic/rooms.${roomId}`]) {
      client.raw(
        client.encode('SUBSCRIBE', { destination, id: 'short', receipt: 'begun' }) + client.encode('UNSUBSCRIBE', { id: 'short', receipt: 'ended' }),
      );
      const receipts = [await client.next((frame) => frame.command === 'RECEIPT'), await client.next((frame) => frame.command === 'RECEIPT')];
      expect(receipts.map((frame) => frame.headers.get('receipt-id'))).toEqual(['begun', 'ended']);
    }
    await client.fence();
    expect(client.unread.filter((frame) => frame.command === 'RECEIPT')).toEqual([]);
  });

  it('[SUB-9] the queue is the session\'s own user\'s: nobody else\'s entries come on it', async () => {
    const [carol, dave, eve] = await Promise.all(['carol', 'dave', 'eve'].map((name) => server.newUser(name)));
    if (carol === undefined || dave === undefined || eve === undefined) throw new Error('three users');
    const listener = await server.chatting(eve);
    const client = await server.chatting(carol);
    await client.say(dave.id, 'private');
    await client.request(SendDestination.chatTyping, { to: dave.id, typing: true });
    await client.request(SendDestination.chatRead, { to: dave.id, seq: 1 });
    await listener.fence();
    expect(listener.unread).toEqual([]);
  });
});
