import { SendDestination, type ChatEntry, type EditsPage, type MessagesPage, type PinsPage } from '@chat/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StompClient } from '../testing/stomp-client.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

const { chatSend, chatEdit, chatDelete, chatReact } = SendDestination;

let server: TestServer;
let alice: TestUser;
let bob: TestUser;
let carol: TestUser;
let client: StompClient;
let peer: StompClient;
let conversationId: string;

beforeAll(async () => {
  server = await startSingleServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  [alice, bob, carol] = await Promise.all([server.newUser('alice'), server.newUser('bob'), server.newUser('carol')]);
  conversationId = `direct:${alice.id}:${bob.id}`;
  client = await server.chatting(alice);
  peer = await server.chatting(bob);
});

async function history(user = alice): Promise<MessagesPage['messages']> {
  const { body } = await server.get(`/api/conversations/${conversationId}/messages`, user);
  return (body as MessagesPage).messages; // what the route promises; assertions find out
}

async function messageAt(seq: number, user = alice): Promise<ChatEntry | undefined> {
  return (await history(user)).find((message): message is ChatEntry => message.type === 'CHAT' && message.seq === seq);
}

async function seqOf(from: StompClient, destination: string, body: object): Promise<number> {
  return Number((await from.request(destination, body)).headers.get('seq'));
}

const edit = (target: number, message: string, fields = {}): object => ({ conversationId, target, message, ...fields });
const react = (target: number, emoji: string, on = true): object => ({ conversationId, target, emoji, on });

describe('editing', () => {
  it('[EDIT-1][HIST-6][LIST-4] gives a message another text, for all members and in history', async () => {
    const target = await client.say(bob.id, 'frist');
    const seq = await seqOf(client, chatEdit, edit(target, 'first'));
    expect(seq).toBe(target + 1);
    const delivered = await peer.message('m', 'EDIT');
    expect(delivered).toMatchObject({ type: 'EDIT', seq, target, message: 'first', from: alice.id });
    expect(await history(bob)).toMatchObject([{ seq: target, message: 'first', editedAt: 'sentAt' in delivered ? delivered.sentAt : undefined }]);
    const { body } = await server.get('/api/conversations', bob);
    expect(body).toMatchObject({ conversations: [{ lastSeq: seq, last: { seq: target, message: 'first' } }] });
  });

  it('[EDIT-2] is for who wrote it, and not for what was passed on', async () => {
    const target = await client.say(bob.id, 'mine');
    expect(await peer.refusal(chatEdit, edit(target, 'yours'))).toMatchObject({ code: 'forbidden' });
    const forwarded = await seqOf(client, chatSend, { to: bob.id, forward: { conversationId, seq: target } });
    expect(await client.refusal(chatEdit, edit(forwarded, 'never said'))).toMatchObject({ code: 'forbidden' });
    expect(await client.refusal(chatEdit, edit(target, 'x'.repeat(8_001)))).toMatchObject({ code: 'too-large' });
  });

  it('[EDIT-3] keeps the earlier texts for who wrote a direct message', async () => {
    const target = await client.say(bob.id, 'one');
    for (const text of ['two', 'three']) await client.request(chatEdit, edit(target, text));
    const path = `/api/conversations/${conversationId}/messages/${target}/edits`;
    const { body } = await server.get(path, alice);
    expect((body as EditsPage).edits.map(({ seq, message }) => [seq, message])).toEqual([[1, 'one'], [2, 'two'], [3, 'three']]);
    expect(await server.get(path, bob)).toMatchObject({ status: 403 });
    expect(await server.get(path, carol)).toMatchObject({ status: 404 });
  });
});

describe('deleting', () => {
  it('[DEL-1] takes the text away for everyone, from history, from the log and from earlier edits', async () => {
    const target = await client.say(bob.id, 'a secret');
    await client.request(chatEdit, edit(target, 'still a secret'));
    await peer.request(chatReact, react(target, '👍'));
    const seq = await seqOf(client, chatDelete, { conversationId, target });
    expect(await peer.message('m', 'DELETE')).toMatchObject({ seq, target, from: alice.id });
    expect(await messageAt(target, bob)).toMatchObject({ message: '', deleted: true });
    expect(await messageAt(target, bob)).not.toHaveProperty('reactions');
    const late = await server.client(bob, { device: 'late' });
    late.frame('SUBSCRIBE', { destination: '/user/queue/messages', id: 'm', resume: 'sync' });
    late.send(SendDestination.chatSync, { cursors: { [conversationId]: 0 } });
    const log = await late.messages('m', 4);
    expect(JSON.stringify(log)).not.toContain('secret');
    expect(log.map((message) => message.type)).toEqual(['CHAT', 'EDIT', 'REACTION', 'DELETE']);
  });

  it('[DEL-2] is for who wrote it', async () => {
    const target = await client.say(bob.id, 'mine');
    expect(await peer.refusal(chatDelete, { conversationId, target })).toMatchObject({ code: 'forbidden' });
  });

  it('[DEL-3] a repeated send of what was deleted meanwhile gets the first outcome', async () => {
    const body = { to: bob.id, message: 'gone', clientId: 'c1' };
    const target = await seqOf(client, chatSend, body);
    await client.request(chatDelete, { conversationId, target });
    expect(await seqOf(client, chatSend, body)).toBe(target);
    expect(await messageAt(target)).toMatchObject({ message: '', deleted: true });
    // Without a receipt it comes again as it is stored, on that session alone.
    const again = await server.chatting(alice, { device: 'again' });
    await again.messages('m', 2);
    again.send(chatSend, body);
    expect(await again.message('m', 'CHAT')).toMatchObject({ seq: target, message: '', deleted: true });
  });
});

describe('reacting', () => {
  it('[REACT-1] counts, names and tells which are mine, in the order in which they came', async () => {
    const target = await client.say(bob.id, 'look');
    await peer.request(chatReact, react(target, '👍'));
    await client.request(chatReact, react(target, '❤'));
    await client.request(chatReact, react(target, '👍'));
    expect(await client.message('m', 'REACTION')).toMatchObject({ target, emoji: '👍', on: true, from: bob.id });
    expect((await messageAt(target))?.reactions).toEqual([
      { emoji: '👍', count: 2, mine: true, users: [bob.id, alice.id] },
      { emoji: '❤️', count: 1, mine: true, users: [alice.id] },
    ]);
    await client.request(chatReact, react(target, '👍', false));
    expect((await messageAt(target))?.reactions?.[0]).toEqual({ emoji: '👍', count: 1, mine: false, users: [bob.id] });
  });

  it.each(['ok', '👍👍', ' 👍', '', '1', '\u{200d}', '👍'.repeat(30)])('[REACT-2] %j is no emoji', async (emoji) => {
    const target = await client.say(bob.id, 'look');
    expect(await client.refusal(chatReact, react(target, emoji))).toMatchObject({ code: 'bad-request' });
  });

  it.each(['👨‍👩‍👧‍👦', '🇰🇷', '👍🏽', '1️⃣', '☺'])('[REACT-2] %s is one emoji', async (emoji) => {
    const target = await client.say(bob.id, 'look');
    await client.request(chatReact, react(target, emoji));
    expect((await messageAt(target))?.reactions).toHaveLength(1);
  });

  it('[REACT-3] one person has at most 20 on a message; what is there may be said again and taken back', async () => {
    const target = await client.say(bob.id, 'look');
    const emoji = [...'😀😁😂😃😄😅😆😇😈😉😊😋😌😍😎😏😐😑😒😓😔'];
    for (const one of emoji.slice(0, 20)) await client.request(chatReact, react(target, one));
    expect(await client.refusal(chatReact, react(target, emoji[20] ?? ''))).toMatchObject({ code: 'forbidden' });
    await client.request(chatReact, react(target, emoji[0] ?? ''));
    await client.request(chatReact, react(target, emoji[0] ?? '', false));
    await client.request(chatReact, react(target, emoji[20] ?? ''));
    expect((await messageAt(target))?.reactions).toHaveLength(20);
  });
});

describe('what is changed', () => {
  it.each([chatEdit, chatDelete, chatReact])('[CHANGE-1] %s of what is not there, deleted, no message, or of strangers', async (destination) => {
    const body = (target: number): object => ({ conversationId, target, message: 'x', emoji: '👍', on: true });
    const target = await client.say(bob.id, 'hello');
    expect(await client.refusal(destination, body(99))).toMatchObject({ code: 'not-found' });
    expect(await client.refusal(destination, body(0))).toMatchObject({ code: 'not-found' });
    const change = await seqOf(client, chatReact, react(target, '👍'));
    expect(await client.refusal(destination, body(change))).toMatchObject({ code: 'bad-request' });
    const stranger = await server.chatting(carol);
    expect(await stranger.refusal(destination, body(target))).toMatchObject({ code: 'not-found' });
    await client.request(chatDelete, { conversationId, target });
    expect(await client.refusal(destination, body(target))).toMatchObject({ code: 'not-found' });
  });

  it('[CHANGE-2] a change with a clientId is stored once, also when it could not be made any more', async () => {
    const target = await client.say(bob.id, 'hello');
    const body = edit(target, 'hallo', { clientId: 'e1' });
    const seq = await seqOf(client, chatEdit, body);
    expect(await seqOf(client, chatEdit, body)).toBe(seq);
    expect(await client.refusal(chatEdit, edit(target, 'other', { clientId: 'e1' }))).toMatchObject({ code: 'conflict' });
    const deletion = { conversationId, target, clientId: 'd1' };
    const gone = await seqOf(client, chatDelete, deletion);
    expect(await seqOf(client, chatDelete, deletion)).toBe(gone);
    expect(await seqOf(client, chatEdit, body)).toBe(seq);
  });
});

describe('what a message names', () => {
  it('[REPLY-1] an answer names an entry that history shows', async () => {
    const target = await client.say(bob.id, 'question');
    await peer.say(alice.id, 'answer', { replyTo: target });
    expect(await messageAt(target + 1)).toMatchObject({ replyTo: target });
    expect(await client.refusal(chatSend, { to: bob.id, message: 'x', replyTo: 99 })).toMatchObject({ code: 'not-found' });
    const change = await seqOf(client, chatReact, react(target, '👍'));
    expect(await client.refusal(chatSend, { to: bob.id, message: 'x', replyTo: change })).toMatchObject({ code: 'bad-request' });
  });

  it('[MENTION-1] mentions are members named by @id', async () => {
    const text = `@${bob.id.toUpperCase()}, mail x@${alice.id} @${carol.id} 안녕@${alice.id}! @room`;
    const seq = await client.say(bob.id, text);
    expect(await peer.message('m', 'CHAT')).toMatchObject({ message: text, mentions: [bob.id, alice.id] });
    await client.request(chatEdit, edit(seq, 'nobody'));
    expect(await messageAt(seq)).not.toHaveProperty('mentions');
  });

  it('[FORWARD-1] passes on a text that one may read, under the name of who wrote it first', async () => {
    const seq = await peer.say(alice.id, 'news');
    const source = await messageAt(seq);
    await client.say(carol.id, 'hi');
    const forward = { to: carol.id, forward: { conversationId, seq }, clientId: 'f1' };
    await client.request(chatSend, forward);
    const reader = await server.chatting(carol);
    const [, passed] = await reader.messages('m', 2, 'CHAT');
    expect(passed).toMatchObject({ from: alice.id, message: 'news', forwardedFrom: { from: bob.id, sentAt: source?.sentAt } });
    expect(passed).not.toHaveProperty('forward');
    expect(await reader.refusal(chatSend, { to: bob.id, forward: { conversationId, seq } })).toMatchObject({ code: 'not-found' });
    expect(await client.refusal(chatSend, { ...forward, clientId: 'f2', message: 'both' })).toMatchObject({ code: 'bad-request' });
    // The source has changed; the repeat is the same send all the same.
    await peer.request(chatEdit, edit(seq, 'old news'));
    expect(await seqOf(client, chatSend, forward)).toBe(2);
  });
});

describe('pins', () => {
  const call = async (method: 'PUT' | 'DELETE', seq: number, user: TestUser): Promise<number> => {
    const path = `${server.url}/api/conversations/${conversationId}/pins/${seq}`;
    return (await fetch(path, { method, headers: { authorization: `Bearer ${user.token}` } })).status;
  };
  const pinned = async (user: TestUser): Promise<PinsPage['pins']> => {
    const { body } = await server.get(`/api/conversations/${conversationId}/pins`, user);
    return (body as PinsPage).pins; // what the route promises
  };

  it('[PIN-1] both of a direct conversation pin; what is pinned shows in its present form', async () => {
    const seq = await client.say(bob.id, 'remember');
    expect(await call('PUT', seq, bob)).toBe(204);
    expect(await call('PUT', seq, alice)).toBe(204);
    await client.request(chatEdit, edit(seq, 'remember this'));
    expect(await pinned(alice)).toMatchObject([{ by: bob.id, message: { seq, message: 'remember this' } }]);
    expect(await call('DELETE', seq, alice)).toBe(204);
    expect(await pinned(bob)).toEqual([]);
    expect(await call('PUT', 99, alice)).toBe(404);
    expect(await call('PUT', seq, carol)).toBe(404);
    expect(await call('DELETE', seq, carol)).toBe(404);
  });

  it('[PIN-2] at most 50, and a deleted message is no longer pinned', async () => {
    for (let i = 1; i < 51; i++) client.send(chatSend, { to: bob.id, message: `m${i}` });
    await client.say(bob.id, 'm51');
    for (let seq = 1; seq <= 50; seq++) expect(await call('PUT', seq, alice)).toBe(204);
    expect(await call('PUT', 51, alice)).toBe(409);
    await client.request(chatDelete, { conversationId, target: 1 });
    expect(await call('PUT', 51, alice)).toBe(204);
    expect((await pinned(bob)).map(({ message }) => message.seq)).toHaveLength(50);
  });
});
