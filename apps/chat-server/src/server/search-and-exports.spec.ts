import { SendDestination, type FoundMessages } from '@chat/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StompClient } from '../testing/stomp-client.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

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

const direct = () => `direct:${alice.id}:${bob.id}`;

async function lines(path: string, user: TestUser): Promise<{ status: number; lines: Record<string, unknown>[] }> {
  const response = await fetch(server.url + path, { headers: { authorization: `Bearer ${user.token}` } });
  const text = await response.text();
  return {
    status: response.status,
    lines: text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

describe('GET /api/search', () => {
  async function found(q: string, user = alice): Promise<string[]> {
    const { body } = await server.get(`/api/search?q=${encodeURIComponent(q)}`, user);
    return (body as FoundMessages).messages.map((message) => message.message); // what the route promises
  }

  it('[SEARCH-1] finds what was just said, for both sides and nobody else', async () => {
    await client.say(bob.id, '내일 부하시험을 돌려요');
    for (const user of [alice, bob]) await expect.poll(() => found('부하', user), { timeout: 10_000 }).toEqual(['내일 부하시험을 돌려요']);
    expect(await found('부하', carol)).toEqual([]);
  });

  it('[SEARCH-2] shows a message as it is now, found by its new text', async () => {
    await client.say(bob.id, 'frist draft');
    client.send(SendDestination.chatEdit, { conversationId: direct(), target: 1, message: 'first draft' });
    await expect.poll(() => found('first'), { timeout: 10_000 }).toEqual(['first draft']);
  });

  it.each([['q=x'], ['q='], [''], ['q=ok&cursor=abc'], ['q=ok&limit=1000'], [`q=ok&conversationId=nowhere`]])('[SEARCH-3] answers 400 to ?%s', async (query) => {
    expect((await server.get(`/api/search?${query}`, alice)).status).toBe(400);
  });
});

describe('exports', () => {
  it('[EXPORT-1] a conversation is exported line by line, in its present form', async () => {
    for (let i = 1; i <= 3; i++) await client.say(bob.id, `m${i}`);
    client.send(SendDestination.chatDelete, { conversationId: direct(), target: 2 });
    await expect.poll(async () => (await lines(`/api/conversations/${direct()}/export`, bob)).lines.map((line) => [line['seq'], line['message'], line['deleted']])).toEqual([
      [1, 'm1', undefined], [2, '', true], [3, 'm3', undefined],
    ]);
    expect((await lines(`/api/conversations/${direct()}/export`, carol)).status).toBe(404);
  });

  it('[EXPORT-2] an account is exported with what its owner wrote, and nothing that others did', async () => {
    await client.say(bob.id, 'from alice');
    const other = await server.chatting(bob);
    await other.say(alice.id, 'from bob');
    const exported = (await lines('/api/me/export', alice)).lines;
    expect(exported.map((line) => line['type'])).toEqual(['ACCOUNT', 'CONVERSATION', 'CHAT']);
    expect(exported).toMatchObject([{ id: alice.id }, { conversationId: direct() }, { message: 'from alice' }]);
  });
});
