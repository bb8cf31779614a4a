import { SendDestination, type ChatEntry, type MessagesPage } from '@chat/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StompClient } from '../testing/stomp-client.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

const { chatSend, chatEdit, chatDelete, chatReact } = SendDestination;

let server: TestServer;
let owner: TestUser;
let member: TestUser;
let stranger: TestUser;
let ownerClient: StompClient;
let client: StompClient;
let roomId: string;
let conversationId: string;

beforeAll(async () => {
  server = await startSingleServer();
});
afterAll(() => server.stop());

async function enter(visibility: 'public' | 'private'): Promise<void> {
  [owner, member, stranger] = await Promise.all([server.newUser('owner'), server.newUser('member'), server.newUser('stranger')]);
  const made = await server.post('/api/rooms', { name: 'Tea', visibility }, owner);
  roomId = (made.body as { id: string }).id; // what the route promises; everything after it fails otherwise
  conversationId = `room:${roomId}`;
  ownerClient = await server.chatting(owner);
  await ownerClient.request(chatSend, { roomId, message: 'before you came' });
  expect((await server.post(`/api/rooms/${roomId}/members`, { id: member.id }, owner)).status).toBe(201);
  client = await server.chatting(member);
}

async function say(from: StompClient, message: string, fields = {}): Promise<number> {
  return Number((await from.request(chatSend, { roomId, message, ...fields })).headers.get('seq'));
}

async function messageAt(seq: number, user: TestUser): Promise<ChatEntry | undefined> {
  const { body } = await server.get(`/api/conversations/${conversationId}/messages`, user);
  return (body as MessagesPage).messages.find((message): message is ChatEntry => message.type === 'CHAT' && message.seq === seq);
}

async function pin(seq: number, user: TestUser): Promise<number> {
  const path = `${server.url}/api/conversations/${conversationId}/pins/${seq}`;
  return (await fetch(path, { method: 'PUT', headers: { authorization: `Bearer ${user.token}` } })).status;
}

describe('in a room', () => {
  beforeEach(() => enter('private'));

  it('[DEL-2] moderators delete what others wrote, members do not', async () => {
    const seq = await say(client, 'rude');
    const other = await say(ownerClient, 'kind');
    expect(await client.refusal(chatDelete, { conversationId, target: other })).toMatchObject({ code: 'forbidden' });
    await ownerClient.request(chatDelete, { conversationId, target: seq });
    expect(await messageAt(seq, member)).toMatchObject({ deleted: true, message: '' });
  });

  it('[EDIT-2][EDIT-3] not even the owner edits for others; earlier texts are kept for moderators', async () => {
    const target = await say(client, 'one');
    expect(await ownerClient.refusal(chatEdit, { conversationId, target, message: 'two' })).toMatchObject({ code: 'forbidden' });
    await client.request(chatEdit, { conversationId, target, message: 'two' });
    const path = `/api/conversations/${conversationId}/messages/${target}/edits`;
    expect(await server.get(path, owner)).toMatchObject({ status: 200, body: { edits: [{ message: 'one' }, { message: 'two' }] } });
    expect(await server.get(path, member)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await server.get(path, stranger)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  it('[CHANGE-1][REPLY-1] what was before joining can be neither read, changed, answered nor passed on', async () => {
    const body = { conversationId, target: 2, emoji: '👍', on: true };
    expect(await client.refusal(chatReact, body)).toMatchObject({ code: 'not-found' });
    expect(await client.refusal(chatSend, { roomId, message: 'x', replyTo: 2 })).toMatchObject({ code: 'not-found' });
    expect(await client.refusal(chatSend, { to: owner.id, forward: { conversationId, seq: 2 } })).toMatchObject({ code: 'not-found' });
    expect(await messageAt(2, member)).toBeUndefined();
    expect(await messageAt(2, owner)).toMatchObject({ message: 'before you came' });
  });

  it('[MENTION-1] @room mentions everybody, and only members are mentioned', async () => {
    await say(ownerClient, `@room @${stranger.id} @${member.id}`);
    expect(await client.message('m', 'CHAT')).toMatchObject({ mentions: ['@room', member.id] });
  });

  it('[PIN-1] moderators pin', async () => {
    const seq = await say(client, 'pin me');
    expect(await pin(seq, member)).toBe(403);
    expect(await pin(seq, stranger)).toBe(404);
    expect(await pin(seq, owner)).toBe(204);
    expect(await server.get(`/api/conversations/${conversationId}/pins`, member)).toMatchObject({ status: 200, body: { pins: [{ message: { seq } }] } });
  });

  it('[HIST-6] says how many have not read a message', async () => {
    const seq = await say(ownerClient, 'read me');
    expect(await messageAt(seq, owner)).toMatchObject({ notRead: 1 });
    await client.request(SendDestination.chatRead, { roomId, seq });
    expect(await messageAt(seq, owner)).toMatchObject({ notRead: 0 });
  });

  it('[CHANGE-1] who has left changes nothing any more', async () => {
    const target = await say(client, 'mine');
    await client.request(SendDestination.chatLeave, { roomId });
    for (const destination of [chatEdit, chatDelete, chatReact]) {
      const refused = await client.refusal(destination, { conversationId, target, message: 'x', emoji: '👍', on: true });
      expect(['not-found', 'forbidden']).toContain(refused.code);
    }
    expect(await messageAt(target, owner)).toMatchObject({ message: 'mine' });
    expect((await server.get(`/api/conversations/${conversationId}/messages`, member)).status).toBe(404);
  });
});
