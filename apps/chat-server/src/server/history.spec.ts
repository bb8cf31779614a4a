import { SendDestination, type ConversationSummary, type ConversationsPage, type MessagesPage } from '@chat/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StompClient } from '../testing/stomp-client.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

const { chatSend } = SendDestination;

let server: TestServer;
let alice: TestUser;
let bob: TestUser;
let carol: TestUser;
let client: StompClient;

beforeAll(async () => {
  server = await startSingleServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  [alice, bob, carol] = await Promise.all([server.newUser('alice'), server.newUser('bob'), server.newUser('carol')]);
  client = await server.chatting(alice);
});

const conversationId = (): string => `direct:${alice.id}:${bob.id}`;

async function history(query: string, user = alice, id = conversationId()): Promise<{ status: number; seqs: number[] | undefined; code: unknown }> {
  const { status, body } = await server.get(`/api/conversations/${id}/messages${query}`, user);
  const { messages, code } = body as Partial<MessagesPage> & { code?: unknown }; // or an error
  return { status, seqs: messages?.map((message) => message.seq), code };
}

async function conversations(user: TestUser, query = ''): Promise<ConversationsPage> {
  const { body } = await server.get(`/api/conversations${query}`, user);
  return body as ConversationsPage; // what the route promises; assertions find out
}

describe('GET /api/conversations/{id}/messages', () => {
  beforeEach(async () => {
    for (let i = 1; i < 10; i++) client.send(chatSend, { to: bob.id, message: `m${i}` });
    await client.say(bob.id, 'm10');
  });

  it('[HIST-1] gives the entries as they were delivered, by rising seq, to both sides', async () => {
    const delivered = await client.messages('m', 10, 'CHAT');
    for (const user of [alice, bob]) {
      expect(await server.get(`/api/conversations/${conversationId()}/messages`, user)).toEqual({ status: 200, body: { messages: delivered } });
    }
  });

  it.each([
    ['', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ['?limit=3', [8, 9, 10]],
    ['?before=4&limit=2', [2, 3]],
    ['?before=1', []],
    ['?after=7', [8, 9, 10]],
    ['?after=0&limit=2', [1, 2]],
    ['?after=10', []],
    ['?around=5&limit=4', [4, 5, 6, 7]],
    ['?around=5&limit=1', [5]],
    ['?around=10&limit=4', [9, 10]],
    ['?around=1&limit=4', [1, 2, 3]],
  ])('[HIST-2] %s gives %j', async (query, seqs) => {
    expect(await history(query)).toMatchObject({ status: 200, seqs });
  });

  it.each(['?limit=0', '?limit=201', '?limit=x', '?limit=', '?before=-1', '?after=1.5', '?before=1e3', '?around=x', '?before=99999999999999999999', '?before=5&after=3', '?limit=1&limit=2'])(
    '[HIST-3] %s is bad-request',
    async (query) => {
      expect(await history(query)).toMatchObject({ status: 400, code: 'bad-request' });
    },
  );

  it('[HIST-4] to a stranger, of a conversation that there is not, and of an id that is none: not-found in the same words', async () => {
    const ids = [conversationId(), `direct:${carol.id}:zz-nobody`, `direct:${bob.id}:${alice.id}`, 'direct:a', 'room:abcdefgh1234', 'x', '%00'];
    const answers = await Promise.all(ids.map((id) => server.get(`/api/conversations/${id}/messages`, carol)));
    expect(answers).toEqual(ids.map(() => answers[0]));
    expect(answers[0]).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  it('[HIST-4] to nobody without a token', async () => {
    expect(await server.get(`/api/conversations/${conversationId()}/messages`)).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    expect(await server.get('/api/conversations')).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  });

  it('[HIST-5] the id may be percent-encoded or not', async () => {
    const encoded = [encodeURIComponent(conversationId()), conversationId().replace(':', '%3a'), conversationId().replace('alice', '%61lice')];
    for (const id of encoded) expect(await history('?limit=1', alice, id)).toMatchObject({ status: 200, seqs: [10] });
  });
});

describe('GET /api/conversations', () => {
  it('[LIST-1] each with its last entry, its cursors and what is unread, the newest first', async () => {
    await client.say(bob.id, 'to bob');
    await (await server.client(carol)).say(alice.id, 'from carol');
    const { conversations: list, cursor } = await conversations(alice);
    expect(cursor).toBeUndefined();
    expect(list.map(({ to, lastSeq, readSeq, unread, last }) => [to, lastSeq, readSeq, unread, last?.message])).toEqual([
      [carol.id, 1, 0, 1, 'from carol'],
      [bob.id, 1, 0, 0, 'to bob'],
    ]);
    await client.request(SendDestination.chatRead, { to: carol.id, seq: 1 });
    expect((await conversations(alice)).conversations[0]).toMatchObject({ readSeq: 1, unread: 0 });
  });

  it('[LIST-2] its pages together hold each conversation once, also where many have their last entry at the same time', async () => {
    const friends = await Promise.all(Array.from({ length: 7 }, () => server.newUser('friend')));
    const send = (to: string, receipt: string): string => client.encode('SEND', { destination: chatSend, receipt }, JSON.stringify({ to, message: 'hello' }));
    // The conversations are there, so that all of the second round is stored at once.
    for (const friend of friends) await client.say(friend.id, 'first');
    client.raw(friends.map((friend, i) => send(friend.id, `x${i}`)).join(''));
    await client.receipt('x6');
    const seen: ConversationSummary[] = [];
    let pages = 0;
    for (let query = '?limit=2'; query !== '' && pages < 10; pages++) {
      const page = await conversations(alice, query);
      expect(page.conversations.length).toBeLessThanOrEqual(2);
      seen.push(...page.conversations);
      query = page.cursor === undefined ? '' : `?limit=2&cursor=${encodeURIComponent(page.cursor)}`;
    }
    expect(seen.map((one) => one.to).sort()).toEqual(friends.map((friend) => friend.id).sort());
  });

  it.each(['?limit=0', '?limit=201', '?limit=x', '?cursor=x', '?cursor=-1', '?cursor=', '?cursor=1', '?cursor=1-2;drop'])('[LIST-3] %s is bad-request', async (query) => {
    expect(await server.get(`/api/conversations${query}`, alice)).toMatchObject({ status: 400, body: { code: 'bad-request' } });
  });
});
