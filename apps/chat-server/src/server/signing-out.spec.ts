import { SendDestination } from '@chat/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StompClient } from '../testing/stomp-client.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

const { authRefresh } = SendDestination;
const password = 'correct horse battery';

let server: TestServer;

beforeAll(async () => {
  server = await startSingleServer();
});
afterAll(() => server.stop());

async function login(id: string): Promise<TestUser> {
  const { body } = await server.post('/api/auth/login', { id, password });
  return { id, token: (body as { accessToken: string }).accessToken }; // SignedIn
}

describe('signing out', () => {
  it('[CLOSE-3] ends the connections of that sign-in with 4401, and not those of another of the same user', async () => {
    await server.post('/api/auth/register', { id: 'paula', password });
    const [first, second] = [await login('paula'), await login('paula')];
    const clients: StompClient[] = [await server.chatting(first), await server.client(first)];
    const stays = await server.chatting(second);
    const { status } = await server.post('/api/auth/logout', {}, first);
    expect(status).toBe(204);
    for (const client of clients) expect(await client.closed).toMatchObject({ code: 4401 });
    await stays.say('paula', 'still there');
    const again = await server.open();
    again.frame('CONNECT', { 'accept-version': '1.2', Authorization: `Bearer ${first.token}` });
    expect(await again.closed).toMatchObject({ code: 4401 });
  });

  it('[CLOSE-3] a connection that was renewed belongs to the sign-in of its new token', async () => {
    await server.post('/api/auth/register', { id: 'quinn', password });
    const [first, second] = [await login('quinn'), await login('quinn')];
    const moved = await server.chatting(first);
    const stayed = await server.chatting(first);
    await moved.request(authRefresh, { accessToken: second.token });
    await server.post('/api/auth/logout', {}, first);
    expect(await stayed.closed).toMatchObject({ code: 4401 });
    await moved.say('quinn', 'still there');
    await server.post('/api/auth/logout', {}, second);
    expect(await moved.closed).toMatchObject({ code: 4401 });
  });

  it('[CLOSE-3] a token made elsewhere can be signed out as well', async () => {
    const user = await server.newUser('user');
    const client = await server.chatting(user);
    await server.post('/api/auth/logout', {}, user);
    expect(await client.closed).toMatchObject({ code: 4401 });
    expect(await server.get('/api/me', user)).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  });
});
