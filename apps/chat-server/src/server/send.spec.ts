import { SendDestination, type ChatEntry, type ErrorCode } from '@chat/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StompClient } from '../testing/stomp-client.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

const EMOJI = '😀';
const { chatSend, chatTyping, chatRead, chatSync, authRefresh } = SendDestination;

let server: TestServer;
let alice: TestUser;
let bob: TestUser;
let client: StompClient;

beforeAll(async () => {
  server = await startSingleServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  [alice, bob] = await Promise.all([server.newUser('alice'), server.newUser('bob')]);
  client = await server.chatting(alice);
});

describe('what is stored and delivered', () => {
  it('[SEND-1] an entry has the fields that the server gives it, and comes to both', async () => {
    const receiver = await server.chatting(bob);
    await client.request(chatSend, { to: bob.id, message: `Hello ${EMOJI} "\\\n`, clientId: 'c 1' });
    const [sent, received] = await Promise.all([client.message('m'), receiver.message('m')]);
    expect(received).toEqual(sent);
    expect(received).toEqual({
      type: 'CHAT',
      conversationId: `direct:${alice.id}:${bob.id}`,
      seq: 1,
      id: expect.stringMatching(/^[\w-]+$/) as string,
      from: alice.id,
      to: bob.id,
      message: `Hello ${EMOJI} "\\\n`,
      sentAt: expect.any(Number) as number,
      clientId: 'c 1',
    });
  });

  it('[SEND-1] the conversation may be named by the other user or by its id; with oneself it is one as well', async () => {
    await client.say(bob.id, 'one');
    const second = await client.request(chatSend, { conversationId: `direct:${alice.id}:${bob.id}`, message: 'two' });
    expect(Object.fromEntries(second.headers)).toMatchObject({ 'conversation-id': `direct:${alice.id}:${bob.id}`, seq: '2' });
    await client.say(alice.id, 'a note');
    expect(await client.messages('m', 3)).toMatchObject([
      { seq: 1, message: 'one', to: bob.id },
      { seq: 2, message: 'two', to: bob.id },
      { seq: 1, message: 'a note', conversationId: `direct:${alice.id}:${alice.id}`, from: alice.id, to: alice.id },
    ]);
    await client.fence();
    expect(client.unreadOf('m', 'CHAT')).toEqual([]);
  });

  it('[SEND-2] what a client says of sender, place, time and id counts for nothing, in the body as in the headers', async () => {
    const receiver = await server.chatting(bob);
    const forged = { type: 'LEAVE', from: bob.id, seq: 99, id: 'mine', sentAt: 1, by: bob.id, deleted: true, reactions: {}, roomId: undefined };
    await client.request(chatSend, { ...forged, to: bob.id, message: 'forged' }, {
      from: bob.id, seq: '99', id: 'mine', 'message-id': 'mine', 'user-name': bob.id, subscription: 'm',
    });
    const message = await receiver.message('m');
    expect(message).toMatchObject({ type: 'CHAT', from: alice.id, to: bob.id, seq: 1, message: 'forged' });
    expect(Object.keys(message).sort()).toEqual(['conversationId', 'from', 'id', 'message', 'sentAt', 'seq', 'to', 'type']);
    expect((message as ChatEntry).id).not.toBe('mine');
    expect((message as ChatEntry).sentAt).toBeGreaterThan(1_700_000_000_000);
  });

  it('[SEND-3] a message may have 8,000 code points, however many bytes they take', async () => {
    const longest = EMOJI.repeat(8_000);
    await client.say(bob.id, longest);
    expect(((await client.message('m')) as ChatEntry).message).toBe(longest);
    expect(await client.refusal(chatSend, { to: bob.id, message: `${longest}.` })).toMatchObject({ code: 'too-large' });
    expect(await client.refusal(chatSend, { to: bob.id, message: 'x'.repeat(8_001) })).toMatchObject({ code: 'too-large' });
  });

  it('[SEND-4] text comes as it was written: no character is special', async () => {
    const texts = ['<script>alert(1)</script>', 'a:b\\c\r\nd', '\u202Eleft', '\u0007\u001b[31m', 'e\u0301', '\uFEFFmark', '\u2028', 'null', ' '];
    for (const text of texts) await client.say(bob.id, text);
    const messages = await client.messages('m', texts.length, 'CHAT');
    expect(messages.map((message) => (message as ChatEntry).message)).toEqual(texts);
  });

  it('[SEND-4] so does it in a frame whose body holds no NUL and has no content-length', async () => {
    client.raw(`SEND\ndestination:${chatSend}\nreceipt:r\n\n${JSON.stringify({ to: bob.id, message: 'counted by NUL' })}\0`);
    await client.receipt('r');
    expect(((await client.message('m')) as ChatEntry).message).toBe('counted by NUL');
  });
});

describe('what cannot be done', () => {
  const text = { message: 'hello' };
  type Case = readonly [what: string, destination: string, body: () => object | string | Uint8Array, code: ErrorCode];
  const cases: readonly Case[] = [
    ['a body that is no JSON', chatSend, () => '{"to":', 'bad-request'],
    ['no body', chatSend, () => '', 'bad-request'],
    ['a body that is not UTF-8', chatSend, () => Buffer.from('{"to":"bob","message":"\xff"}', 'latin1'), 'bad-request'],
    ['JSON that is no object', chatSend, () => '[1]', 'bad-request'],
    ['null', chatSend, () => 'null', 'bad-request'],
    ['a destination that there is not', '/app/chat.sing', () => ({ to: bob.id, ...text }), 'not-found'],
    ['a destination with something after it', `${chatSend}/x`, () => ({ to: bob.id, ...text }), 'not-found'],
    ['a name that every object has as destination', '/app/__proto__', () => ({}), 'not-found'],
    ['SEND to a topic', '/topic/rooms.abcdefgh', () => text, 'forbidden'],
    ['SEND to a queue', '/queue/messages', () => text, 'forbidden'],
    ['SEND to one\'s own queue', '/user/queue/messages', () => text, 'forbidden'],
    ['SEND to another user\'s queue', '/user/bob/queue/messages', () => text, 'forbidden'],
    ['SEND to an exchange', '/exchange/chat.exchange/chat.server1', () => text, 'forbidden'],
    ['nobody named', chatSend, () => text, 'bad-request'],
    ['two named', chatSend, () => ({ to: bob.id, roomId: 'abcdefgh', ...text }), 'bad-request'],
    ['three named', chatSend, () => ({ to: bob.id, roomId: 'abcdefgh', conversationId: 'room:abcdefgh', ...text }), 'bad-request'],
    ['somebody who is not', chatSend, () => ({ to: 'nobody.at-all', ...text }), 'not-found'],
    ['an id that cannot be one', chatSend, () => ({ to: 'No Body', ...text }), 'bad-request'],
    ['to as a number', chatSend, () => ({ to: 7, ...text }), 'bad-request'],
    ['a room that there is not', chatSend, () => ({ roomId: 'abcdefgh1234', ...text }), 'not-found'],
    ['a conversation of two others', chatSend, () => ({ conversationId: 'direct:carol:dave', ...text }), 'not-found'],
    ['a conversation with somebody who is not', chatSend, () => ({ conversationId: `direct:${alice.id}:zz-nobody`, ...text }), 'not-found'],
    ['the ids of a conversation in the wrong order', chatSend, () => ({ conversationId: `direct:${bob.id}:${alice.id}`, ...text }), 'bad-request'],
    ['a conversation id that is none', chatSend, () => ({ conversationId: 'direct:a', ...text }), 'bad-request'],
    ['no message', chatSend, () => ({ to: bob.id }), 'bad-request'],
    ['an empty message', chatSend, () => ({ to: bob.id, message: '' }), 'bad-request'],
    ['a message that is no text', chatSend, () => ({ to: bob.id, message: { text: 'x' } }), 'bad-request'],
    ['a message with NUL', chatSend, () => ({ to: bob.id, message: 'a\0b' }), 'bad-request'],
    ['a message with half a character', chatSend, () => `{"to":"${bob.id}","message":"\\ud83d"}`, 'bad-request'],
    ['a clientId that is empty', chatSend, () => ({ to: bob.id, ...text, clientId: '' }), 'bad-request'],
    ['a clientId that is too long', chatSend, () => ({ to: bob.id, ...text, clientId: 'c'.repeat(65) }), 'bad-request'],
    ['a clientId that is not ASCII', chatSend, () => ({ to: bob.id, ...text, clientId: 'é' }), 'bad-request'],
    ['an answer to a negative place', chatSend, () => ({ to: bob.id, ...text, replyTo: -1 }), 'bad-request'],
    ['typing to nobody', chatTyping, () => ({ typing: true }), 'bad-request'],
    ['typing to somebody who is not', chatTyping, () => ({ to: 'nobody.at-all', typing: true }), 'not-found'],
    ['typing in a conversation of two others', chatTyping, () => ({ conversationId: 'direct:carol:dave', typing: true }), 'not-found'],
    ['typing without saying whether', chatTyping, () => ({ to: bob.id }), 'bad-request'],
    ['reading in a conversation of two others', chatRead, () => ({ conversationId: 'direct:carol:dave', seq: 1 }), 'not-found'],
    ['reading without a place', chatRead, () => ({ to: bob.id }), 'bad-request'],
    ['reading up to a fraction', chatRead, () => ({ to: bob.id, seq: 1.5 }), 'bad-request'],
    ['reading up to a negative place', chatRead, () => ({ to: bob.id, seq: -1 }), 'bad-request'],
    ['a sync without cursors', chatSync, () => ({}), 'bad-request'],
    ['a sync with a cursor that is none', chatSync, () => ({ cursors: { [`direct:${alice.id}:${bob.id}`]: 'x' } }), 'bad-request'],
    ['a sync with a limit of nothing', chatSync, () => ({ cursors: {}, limit: 0 }), 'bad-request'],
    ['a refresh without a token', authRefresh, () => ({}), 'bad-request'],
    ['a refresh with a token that is none', authRefresh, () => ({ accessToken: 'x.y.z' }), 'unauthorized'],
  ];
  it.each(cases)('[FAULT-4] %s', async (_what, destination, body, code) => {
    const refused = await client.refusal(destination, body());
    expect(refused).toMatchObject({ code, destination });
    expect(refused.message).toMatch(/^[^\n]+\.$/);
    // The connection lives, and nothing was stored.
    expect(await client.say(bob.id, 'after all')).toBe(1);
  });

  it('[FAULT-5] an error says to which SEND it belongs', async () => {
    const refused = await client.refusal(chatSend, { to: 'nobody.at-all', message: 'x', clientId: 'mine' }, { receipt: 'asked' });
    expect(refused).toEqual({ code: 'not-found', message: expect.any(String) as string, destination: chatSend, clientId: 'mine', receipt: 'asked' });
  });

  it('[FAULT-5] errors have message ids that are unique on their connection', async () => {
    for (let i = 0; i < 3; i++) client.send('/app/chat.sing', {});
    const ids = await Promise.all([1, 2, 3].map(async () => (await client.next((frame) => frame.headers.get('subscription') === 'e')).headers.get('message-id')));
    expect(new Set(ids).size).toBe(3);
  });

  it('[FAULT-6] errors come to the session that made them, and to no other of the same user', async () => {
    const other = await server.chatting(alice);
    await client.refusal('/app/chat.sing', {});
    await other.fence();
    expect(other.unreadOf('e')).toEqual([]);
  });

  it.each([
    ['a bad body', '{', 1002],
    ['somebody who is not', '{"to":"nobody.at-all","message":"x"}', 1002],
  ])('[FAULT-7] %s, without a subscription to errors: ERROR with receipt-id, and the end', async (_what, body, code) => {
    const silent = await server.client(alice);
    silent.frame('SEND', { destination: chatSend, receipt: 'mine' }, body);
    expect((await silent.error()).headers.get('receipt-id')).toBe('mine');
    expect(await silent.closed).toMatchObject({ code });
    expect(silent.unread).toEqual([]);
  });

  it('[FAULT-8] what one may not know of is not-found in the same words as what there is not', async () => {
    const other = await server.newUser('carol');
    await (await server.client(other)).say(bob.id, 'private');
    const conversationId = `direct:${bob.id}:${other.id}`;
    const [there, notThere] = [
      await client.refusal(chatSend, { conversationId, message: 'x' }),
      await client.refusal(chatSend, { conversationId: `direct:${bob.id}:zz-nobody`, message: 'x' }),
    ];
    expect([there.code, there.message]).toEqual([notThere.code, notThere.message]);
  });
});
