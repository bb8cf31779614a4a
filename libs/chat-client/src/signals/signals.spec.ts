import { expect, test } from 'vitest';
import { settle } from '../platform/clock.scripted.ts';
import { DIRECT, chat as entry } from '../testing/entries.ts';
import { onlineClient } from '../testing/scripted-client.ts';

const TYPING = '/app/chat.typing';
const READ = '/app/chat.read';

test('typing is told at the first key, then every three seconds, and its end', async () => {
  const { chat, transport, clock } = await onlineClient();
  for (let key = 0; key < 9; key++) {
    chat.sendTyping(DIRECT, true);
    await clock.advance(500);
  }
  chat.sendTyping(DIRECT, false);
  chat.sendTyping(DIRECT, false);
  expect(transport.last.sentTo(TYPING).map((frame) => frame.body['typing'])).toEqual([true, true, false]);
});

test('a message ends the typing without another word', async () => {
  const { chat, transport } = await onlineClient();
  chat.sendTyping(DIRECT, true);
  chat.send({ conversationId: DIRECT, message: 'x' });
  chat.sendTyping(DIRECT, false);
  await settle();
  expect(transport.last.sentTo(TYPING)).toHaveLength(1);
});

test('the typing of others ends by itself, by their message, and with the connection', async () => {
  const { chat, transport, clock } = await onlineClient();
  const changes: number[] = [];
  chat.events.on('typing', ({ conversationId }) => changes.push(chat.typing(conversationId).length));
  const typing = () => transport.last.deliver({ type: 'TYPING', conversationId: DIRECT, from: 'ben', typing: true });
  typing();
  await clock.advance(5_000);
  typing();
  await clock.advance(5_999);
  expect(chat.typing(DIRECT)).toEqual(['ben']);
  await clock.advance(1);
  expect(chat.typing(DIRECT)).toEqual([]);
  typing();
  transport.last.deliver(entry(1));
  expect(chat.typing(DIRECT)).toEqual([]);
  typing();
  transport.last.drop(1006);
  expect(changes).toEqual([1, 0, 1, 0, 1, 0]);
});

test('reading is coalesced, forward only, and repeated on the next connection until stored', async () => {
  const { chat, transport, clock } = await onlineClient();
  for (const seq of [1, 2, 5, 3]) chat.markRead(DIRECT, seq);
  expect(transport.last.sentTo(READ).map((frame) => frame.body['seq'])).toEqual([1]); // the first at once
  await clock.advance(250);
  expect(transport.last.sentTo(READ).map((frame) => frame.body['seq'])).toEqual([1, 5]);
  transport.last.drop(1006);
  await clock.advance(500);
  transport.last.connected();
  const repeated = transport.last.sentTo(READ);
  expect(repeated.map((frame) => frame.body['seq'])).toEqual([5]);
  transport.last.receipt(repeated[0]?.receipt ?? '');
  transport.last.synced();
  transport.last.drop(1006);
  await clock.advance(500);
  transport.last.connected();
  expect(transport.last.sentTo(READ)).toEqual([]);
});

test('an own message is stored, delivered, read: forward only, whatever comes in which order', async () => {
  const { chat, transport } = await onlineClient();
  const deliver = (type: 'READ' | 'DELIVERED', seq: number, version: number, from = 'ben') =>
    transport.last.deliver(type === 'READ' ? { type, conversationId: DIRECT, from, seq, version } : { type, conversationId: DIRECT, from, seq, version });
  expect(chat.markOf(DIRECT, 3)).toBe('stored');
  deliver('DELIVERED', 3, 1);
  expect(chat.markOf(DIRECT, 3)).toBe('delivered');
  deliver('READ', 3, 3);
  deliver('DELIVERED', 2, 2);
  expect([chat.markOf(DIRECT, 3), chat.markOf(DIRECT, 4)]).toEqual(['read', 'stored']);
  deliver('READ', 9, 4, 'anna');
  expect(chat.markOf(DIRECT, 4)).toBe('stored');
  expect(chat.readSeq(DIRECT, 'anna')).toBe(9);
  expect(chat.markOf('direct:anna:anna', 1)).toBe('read');
});

test('what an older page of conversations says takes no mark back', async () => {
  const { chat, transport } = await onlineClient();
  transport.last.deliver({ type: 'READ', conversationId: DIRECT, from: 'ben', seq: 8, version: 9 });
  chat.learnCursors(DIRECT, [{ userId: 'ben', deliveredSeq: 5, readSeq: 2 }]);
  expect(chat.markOf(DIRECT, 8)).toBe('read');
});

test('presence and refusals are passed on; unknown types are ignored', async () => {
  const { chat, transport, faults } = await onlineClient();
  const heard: unknown[] = [];
  chat.events.on('presence', (presence) => heard.push(presence));
  chat.events.on('refused', (error) => heard.push(error.code));
  chat.events.on('entry', (message) => heard.push(message));
  transport.last.deliver({ type: 'PRESENCE', from: 'ben', online: false, lastSeen: 5 });
  transport.last.refuse({ code: 'not-found', message: '', destination: TYPING });
  transport.last.deliver({ type: 'POLL', conversationId: DIRECT, from: 'ben', seq: 1 } as never); // of a later version
  expect(heard).toEqual([{ userId: 'ben', online: false, lastSeen: 5 }, 'not-found']);
  expect(faults).toEqual([]);
});
