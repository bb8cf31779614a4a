import { describe, expect, test } from 'vitest';
import { settle } from '../platform/clock.scripted.ts';
import { ProcessLocks } from '../platform/locks.ts';
import { MemoryClientStore } from '../store/client-store.memory.ts';
import { chat as entry, DIRECT } from '../testing/entries.ts';
import { onlineClient, type ScriptedClient, scriptedClient } from '../testing/scripted-client.ts';

const SEND = '/app/chat.send';
const text = (message: string) => ({ conversationId: DIRECT, message });

/** The messages sent on the present connection, in order. */
function sent({ transport }: ScriptedClient): unknown[] {
  return transport.last.sentTo(SEND).map((frame) => frame.body['message']);
}

/** Confirms the message sent last. */
async function confirm({ transport }: ScriptedClient, seq: number): Promise<void> {
  const receipt = transport.last.sentTo(SEND).at(-1)?.receipt ?? '';
  transport.last.receipt(receipt, { 'conversation-id': DIRECT, seq: String(seq), id: `e${seq}` });
  await settle();
}

function states({ chat }: ScriptedClient): string[] {
  return chat.outbox(DIRECT).map((item) => item.state);
}

test('a message is pending until its RECEIPT, stored until its entry, then gone', async () => {
  const client = await onlineClient();
  const { clientId } = client.chat.send(text('one'));
  expect(states(client)).toEqual(['pending']);
  await settle();
  expect(client.transport.last.sentTo(SEND)).toEqual([
    { destination: SEND, receipt: clientId, body: { clientId, conversationId: DIRECT, message: 'one' } },
  ]);
  await confirm(client, 1);
  expect(client.chat.outbox(DIRECT)).toMatchObject([{ state: 'stored', seq: 1 }]);
  client.transport.last.deliver(entry(1, { from: 'anna', clientId }));
  expect(states(client)).toEqual([]);
});

test('the messages of one conversation go one after the other', async () => {
  const client = await onlineClient();
  for (const message of ['one', 'two', 'three']) client.chat.send(text(message));
  await settle();
  expect(sent(client)).toEqual(['one']);
  await confirm(client, 1);
  expect(sent(client)).toEqual(['one', 'two']);
  await confirm(client, 2);
  expect(sent(client)).toEqual(['one', 'two', 'three']);
});

test('conversations do not wait for each other', async () => {
  const client = await onlineClient();
  client.chat.send(text('to ben'));
  client.chat.send({ conversationId: 'direct:anna:carl', message: 'to carl' });
  await settle();
  expect(sent(client)).toEqual(['to ben', 'to carl']);
});

test('what had no outcome is repeated on the next connection, in order and as the same message', async () => {
  const client = await onlineClient();
  const items = ['one', 'two'].map((message) => client.chat.send(text(message)));
  await settle();
  client.transport.last.drop(1006);
  await client.clock.advance(500);
  client.transport.last.connected();
  await settle();
  await confirm(client, 1);
  await confirm(client, 2);
  expect(client.transport.last.sentTo(SEND).map((frame) => frame.body['clientId'])).toEqual(items.map((item) => item.clientId));
});

test('no outcome on a connection that lives: repeated there', async () => {
  const client = await onlineClient();
  client.chat.send(text('one'));
  await client.clock.advance(10_000);
  expect(sent(client)).toEqual(['one', 'one']);
});

test('written while offline: sent in order once there is a connection', async () => {
  const client = await scriptedClient({ cursors: {} });
  for (const message of ['one', 'two']) client.chat.send(text(message));
  client.chat.start();
  await settle();
  client.transport.last.connected();
  await settle();
  await confirm(client, 1);
  expect(sent(client)).toEqual(['one', 'two']);
});

test('a fresh device sends only after SYNCED has said where its past ends', async () => {
  const client = await scriptedClient();
  client.chat.send(text('one'));
  client.chat.start();
  await settle();
  client.transport.last.connected();
  await settle();
  expect(sent(client)).toEqual([]);
  client.transport.last.synced();
  await settle();
  expect(sent(client)).toEqual(['one']);
});

describe('errors', () => {
  test('what is refused for good fails with its reason, and the next goes on', async () => {
    const client = await onlineClient();
    const { clientId } = client.chat.send(text('one'));
    client.chat.send(text('two'));
    await settle();
    client.transport.last.refuse({ code: 'forbidden', message: 'No.', destination: SEND, clientId });
    await settle();
    expect(client.chat.outbox(DIRECT)).toMatchObject([
      { state: 'failed', failure: { code: 'forbidden', message: 'No.' } },
      { state: 'pending' },
    ]);
    expect(sent(client)).toEqual(['one', 'two']);
  });

  test('try again sends the same message once more; delete forgets it', async () => {
    const client = await onlineClient();
    const { clientId } = client.chat.send(text('one'));
    await settle();
    client.transport.last.refuse({ code: 'not-found', message: '', destination: SEND, clientId });
    await settle();
    client.chat.retry(clientId);
    await settle();
    expect(client.transport.last.sentTo(SEND).map((frame) => frame.body['clientId'])).toEqual([clientId, clientId]);
    client.transport.last.refuse({ code: 'not-found', message: '', destination: SEND, clientId });
    await settle();
    client.chat.discard(clientId);
    expect(states(client)).toEqual([]);
  });

  test('too fast: everything waits as long as the server says, then goes on in order', async () => {
    const client = await onlineClient();
    const held: number[] = [];
    client.chat.events.on('held', (until) => held.push(until - client.clock.now()));
    const { clientId } = client.chat.send(text('one'));
    client.chat.send(text('two'));
    await settle();
    client.transport.last.refuse({ code: 'rate-limited', message: '', destination: SEND, clientId, retryAfterMs: 1_500 });
    await client.clock.advance(1_499);
    expect(states(client)).toEqual(['pending', 'pending']);
    expect(sent(client)).toEqual(['one']);
    await client.clock.advance(1);
    await confirm(client, 1);
    expect(sent(client)).toEqual(['one', 'one', 'two']);
    expect(held).toEqual([1_500]);
  });

  test('a store that is away: repeated after growing delays', async () => {
    const client = await onlineClient();
    const { clientId } = client.chat.send(text('one'));
    await settle();
    for (const delay of [1_000, 2_000, 4_000]) {
      client.transport.last.refuse({ code: 'unavailable', message: '', destination: SEND, clientId });
      const before = sent(client).length;
      await client.clock.advance(delay - 1);
      expect(sent(client)).toHaveLength(before);
      await client.clock.advance(1);
      expect(sent(client)).toHaveLength(before + 1);
    }
  });
});

test('an entry that comes by the sync settles the message whose RECEIPT was lost', async () => {
  const client = await onlineClient();
  const { clientId } = client.chat.send(text('one'));
  await settle();
  client.transport.last.drop(1006);
  client.http.refresh = 'unreachable';
  await client.clock.advance(500);
  client.transport.last.connected();
  client.transport.last.deliver(entry(1, { from: 'anna', clientId }));
  await settle();
  expect(states(client)).toEqual([]);
});

test('a RECEIPT for an entry that the cursor has passed leaves nothing behind', async () => {
  const client = await onlineClient({ cursors: { [DIRECT]: 50 } });
  client.chat.send(text('stored long ago'));
  await settle();
  await confirm(client, 40);
  expect(states(client)).toEqual([]);
});

test('what is in the store is sent by the next start, once', async () => {
  const store = new MemoryClientStore();
  const before = await scriptedClient({ store, cursors: {} });
  before.chat.send(text('one'));
  before.chat.send(text('two'));
  await settle();
  const after = await onlineClient({ store, cursors: {} });
  await settle();
  await confirm(after, 1);
  await confirm(after, 2);
  expect(sent(after)).toEqual(['one', 'two']);
  expect(await store.outbox()).toEqual([]);
});

test('of two tabs only one sends a message, and order holds across them', async () => {
  const store = new MemoryClientStore();
  const locks = new ProcessLocks();
  const first = await onlineClient({ store, locks, cursors: {} });
  const second = await onlineClient({ store, locks, cursors: {} });
  first.chat.send(text('one'));
  await settle();
  second.chat.send(text('two'));
  await settle();
  expect([sent(first), sent(second)]).toEqual([['one'], []]);
  await confirm(first, 1);
  expect([...sent(first), ...sent(second)]).toEqual(['one', 'two']);
});

test('a store that fails is reported, and the message is sent all the same', async () => {
  class FullStore extends MemoryClientStore {
    override put(): Promise<void> {
      return Promise.reject(new Error('quota'));
    }
  }
  const client = await onlineClient({ store: new FullStore() });
  client.chat.send(text('one'));
  await settle();
  expect(sent(client)).toEqual(['one']);
  expect(client.faults).toEqual([new Error('quota')]);
});
