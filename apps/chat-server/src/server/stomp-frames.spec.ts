import { SendDestination, type ClientCommand } from '@chat/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Headers, StompClient } from '../testing/stomp-client.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

// What STOMP says of frames of every kind: receipts, bodies, repeated headers, headers that have to be there, ERROR.

const { chatSend } = SendDestination;

let server: TestServer;
let user: TestUser;
let client: StompClient;

beforeAll(async () => {
  server = await startSingleServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  user = await server.newUser('user');
  client = await server.chatting(user);
});

function own(message: string): string {
  return JSON.stringify({ to: user.id, message });
}

/** What ended the session. */
async function fault(): Promise<string> {
  const error = await client.error();
  expect(await client.closed).toMatchObject({ code: 1002 });
  return error.headers.get('message') ?? '';
}

/** The texts that are in the log of the user's conversation with themselves. */
async function stored(): Promise<string[]> {
  const { status, body } = await server.get(`/api/conversations/direct:${user.id}:${user.id}/messages`, user);
  return status === 200 ? (body as { messages: { message: string }[] }).messages.map(({ message }) => message) : []; // a page of the log
}

describe('receipts', () => {
  it('[STOMP-7] every frame may ask for one, and gets one without a body', async () => {
    await client.subscribe('/user/queue/messages', { id: 'acking', ack: 'client-individual' });
    await client.say(user.id, 'first');
    await client.say(user.id, 'second');
    const acks = [];
    while (acks.length < 2) {
      const message = await client.next((frame) => frame.headers.get('subscription') === 'acking' && frame.text.includes('"CHAT"'));
      acks.push(message.headers.get('ack'));
    }
    const frames: readonly (readonly [ClientCommand, Headers, string?])[] = [
      ['SEND', { destination: chatSend }, own('third')],
      ['SUBSCRIBE', { destination: '/user/queue/errors', id: 'more' }],
      ['ACK', { id: acks[0] }],
      ['NACK', { id: acks[1] }],
      ['UNSUBSCRIBE', { id: 'more' }],
      ['BEGIN', { transaction: 'kept' }],
      ['COMMIT', { transaction: 'kept' }],
      ['BEGIN', { transaction: 'dropped' }],
      ['ABORT', { transaction: 'dropped' }],
      ['DISCONNECT', {}],
    ];
    for (const [command, headers, body] of frames) {
      client.frame(command, { ...headers, receipt: `of ${command}` }, body);
      expect((await client.receipt(`of ${command}`)).text).toBe('');
    }
    await client.closed;
    expect(client.unread.filter((frame) => frame.command === 'RECEIPT')).toEqual([]);
  });

  it('[STOMP-7] CONNECT is the one that gets none: CONNECTED is its answer', async () => {
    const other = await server.client(user, { receipt: 'mine' });
    await other.fence();
    expect(other.unread).toEqual([]);
  });
});

describe('a body', () => {
  it('[STOMP-8] on a frame that should have none counts for nothing', async () => {
    for (const body of ['nothing', own('in SUBSCRIBE')]) {
      client.frame('SUBSCRIBE', { destination: '/user/queue/errors', id: body, receipt: 'live' }, body);
      await client.receipt('live');
      client.frame('UNSUBSCRIBE', { id: body, receipt: 'ended' }, body);
      await client.receipt('ended');
    }
    client.frame('DISCONNECT', { receipt: 'bye' }, 'nothing');
    await client.receipt('bye');
    expect(await stored()).toEqual([]);
  });

  it('[STOMP-8] is as long as content-length says, on every frame: what looks like another frame in it is none', async () => {
    const hidden = client.encode('SEND', { destination: chatSend }, own('hidden'));
    client.frame('SUBSCRIBE', { destination: '/user/queue/errors', id: 'with-body', receipt: 'live' }, `a\0${hidden}`);
    await client.receipt('live');
    const refused = await client.refusal(chatSend, `{}\0${hidden}`);
    expect(refused).toMatchObject({ code: 'bad-request' });
    await client.fence();
    expect(await stored()).toEqual([]);
  });

  it('[STOMP-8] without content-length ends at the first NUL, and the next frame begins there', async () => {
    client.raw(`SEND\ndestination:${chatSend}\n\n${own('one')}\0SEND\ndestination:${chatSend}\nreceipt:two\n\n${own('two')}\0`);
    await client.receipt('two');
    expect(await stored()).toEqual(['one', 'two']);
  });

  it('[STOMP-8] with a NUL that content-length counts is well-formed: what is wrong with it is told as of any other', async () => {
    for (const body of [own('x').replace('x', '\0'), '\0', `${own('x')}\0`]) {
      expect(await client.refusal(chatSend, body)).toMatchObject({ code: 'bad-request' });
    }
  });
});

describe('repeated headers', () => {
  it('[STOMP-9] the first one counts, on every frame', async () => {
    const other = await server.open();
    other.raw(`CONNECT\naccept-version:1.1\naccept-version:1.2\nAuthorization:Bearer ${user.token}\nAuthorization:none\n\n\0`);
    expect((await other.next((frame) => frame.command === 'CONNECTED')).headers.get('version')).toBe('1.1');

    client.raw('SUBSCRIBE\ndestination:/user/queue/errors\ndestination:/nowhere\nid:first\nid:e\nreceipt:live\nreceipt:other\n\n\0');
    await client.receipt('live');
    client.raw('UNSUBSCRIBE\nid:first\nid:e\nreceipt:ended\n\n\0');
    await client.receipt('ended');
    const body = own('Hello');
    client.raw(`SEND\ndestination:${chatSend}\ndestination:/topic/x\ncontent-length:${body.length}\ncontent-length:1\nreceipt:sent\n\n${body}\0`);
    await client.receipt('sent');
    // `e` has not been ended, and nobody was told under the other names.
    expect(await client.refusal('/app/nothing', {})).toMatchObject({ code: 'not-found' });
    expect(client.unread.filter((frame) => frame.command === 'RECEIPT')).toEqual([]);
  });

  it('[STOMP-9] a later content-length that would fit does not mend the first', async () => {
    const body = own('Hello');
    client.raw(`SEND\ndestination:${chatSend}\ncontent-length:1\ncontent-length:${body.length}\n\n${body}\0`);
    expect(await fault()).toContain('content-length');
    expect(await stored()).toEqual([]);
  });
});

describe('headers that have to be there', () => {
  it.each([
    ['SEND', {}, 'destination'],
    ['SEND', { Destination: chatSend }, 'destination'],
    ['SUBSCRIBE', { id: '1' }, 'destination'],
    ['SUBSCRIBE', { destination: '/user/queue/errors' }, 'id'],
    ['SUBSCRIBE', { destination: '/user/queue/errors', ID: '1' }, 'id'],
    ['UNSUBSCRIBE', {}, 'id'],
    ['UNSUBSCRIBE', { destination: '/user/queue/messages' }, 'id'],
    ['ACK', {}, 'id'],
    ['NACK', { ID: '1' }, 'id'],
    ['BEGIN', {}, 'transaction'],
    ['COMMIT', {}, 'transaction'],
    ['ABORT', { Transaction: 't' }, 'transaction'],
  ] as const)('[STOMP-10] %s with %j: ERROR names what is missing, and 1002', async (command, headers, missing) => {
    client.frame(command, { ...headers, receipt: 'mine' }, command === 'SEND' ? own('Hello') : undefined);
    const message = await fault();
    expect(message).toContain(command);
    expect(message).toMatch(new RegExp(`\\b${missing}\\b`));
    expect(await stored()).toEqual([]);
  });
});

describe('ERROR', () => {
  it('[STOMP-11] says what is wrong in a header and in a body with its type and length, and is the last frame', async () => {
    client.raw(`HELLO\nreceipt:unread\n\n\0${client.encode('DISCONNECT', { receipt: 'bye' })}`);
    const error = await client.error();
    const message = error.headers.get('message') ?? '';
    expect(message).toContain('HELLO');
    expect(error.text).toBe(message);
    expect(Object.fromEntries(error.headers)).toEqual({ message, 'content-type': 'text/plain', 'content-length': String(message.length) });
    await client.closed;
    expect(client.unread).toEqual([]);
  });

  it('[STOMP-11] so it is before CONNECTED, where receipt-id names what the frame asked for', async () => {
    const other = await server.open();
    other.frame('CONNECT', { 'accept-version': '1.2', receipt: 'mine' });
    const error = await other.error();
    expect(error.headers.get('receipt-id')).toBe('mine');
    expect(error.text).toBe(error.headers.get('message'));
    await other.closed;
    expect(other.unread).toEqual([]);
  });
});
