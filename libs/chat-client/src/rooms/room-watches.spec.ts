import type { Entry } from '@chat/protocol';
import { expect, test } from 'vitest';
import type { RequestErrorCode } from '../api/request-error.ts';
import type { ChatClient } from '../chat-client.ts';
import { chat as entry, membership, ROOM } from '../testing/entries.ts';
import { onlineClient } from '../testing/scripted-client.ts';
import type { ScriptedConnection } from '../testing/scripted-transport.ts';

const ROOM_ID = ROOM.slice('room:'.length);
const TOPIC = `/topic/rooms.${ROOM_ID}`;

const inRoom = (seq: number): Entry => entry(seq, { conversationId: ROOM, roomId: ROOM_ID });

type Seen = { readonly seqs: number[]; readonly ends: (RequestErrorCode | undefined)[]; readonly stop: () => void };

function watch(chat: ChatClient, after: number): Seen {
  const seqs: number[] = [];
  const ends: (RequestErrorCode | undefined)[] = [];
  const stop = chat.watchRoom(ROOM_ID, after, { entry: ({ seq }) => seqs.push(seq), ended: (refusal) => ends.push(refusal?.code) });
  return { seqs, ends, stop };
}

function topics(connection: ScriptedConnection): { id: string; after: string | undefined }[] {
  return connection.subscriptions.filter(({ destination }) => destination === TOPIC).map(({ id, headers }) => ({ id, after: headers['after'] }));
}

test('a room is watched from an entry on, each of the later ones once, beside what comes to the user', async () => {
  const { chat, transport } = await onlineClient();
  const entries: Entry[] = [];
  chat.events.on('entry', (each) => entries.push(each));
  const { seqs } = watch(chat, 4);
  expect(topics(transport.last)).toEqual([{ id: 'room-1', after: '4' }]);
  for (const seq of [3, 4, 5, 6, 6, 5, 8]) transport.last.deliver(inRoom(seq), 'room-1'); // 7 is kept no more
  expect(seqs).toEqual([5, 6, 8]);
  expect(entries).toEqual([]);
});

test('after a lost connection it goes on behind the last entry that came', async () => {
  const { chat, transport, clock } = await onlineClient();
  const { seqs } = watch(chat, 0);
  for (const seq of [1, 2]) transport.last.deliver(inRoom(seq), 'room-1');
  transport.last.drop(1006);
  await clock.advance(500);
  transport.last.connected();
  expect(topics(transport.last)).toEqual([{ id: 'room-1', after: '2' }]);
  for (const seq of [2, 3]) transport.last.deliver(inRoom(seq), 'room-1');
  expect(seqs).toEqual([1, 2, 3]);
});

test('what is watched without a connection begins with the next one', async () => {
  const { chat, transport, clock } = await onlineClient();
  transport.last.drop(1006);
  watch(chat, 9);
  await clock.advance(500);
  transport.last.connected();
  expect(topics(transport.last)).toEqual([{ id: 'room-1', after: '9' }]);
});

test('one\'s own LEAVE is the last entry; somebody else\'s is not', async () => {
  const { chat, transport } = await onlineClient();
  const { seqs, ends } = watch(chat, 0);
  transport.last.deliver(membership('LEAVE', 1, 'ben'), 'room-1');
  transport.last.deliver(membership('LEAVE', 2, 'anna'), 'room-1');
  transport.last.deliver(inRoom(3), 'room-1');
  expect([seqs, ends]).toEqual([[1, 2], [undefined]]);
  expect(transport.last.unsubscribed).toEqual(['room-1']);
});

test('who stops watching hears nothing more, also after the next connection', async () => {
  const { chat, transport, clock } = await onlineClient();
  const [one, other] = [watch(chat, 0), watch(chat, 0)];
  one.stop();
  one.stop();
  for (const id of ['room-1', 'room-2']) transport.last.deliver(inRoom(1), id);
  expect([one.seqs, other.seqs, transport.last.unsubscribed]).toEqual([[], [1], ['room-1']]);
  transport.last.drop(1006);
  await clock.advance(500);
  transport.last.connected();
  expect(topics(transport.last).map(({ id }) => id)).toEqual(['room-2']);
});

test('a room that one may not look at ends the watch with the reason', async () => {
  const { chat, transport } = await onlineClient();
  const [one, other] = [watch(chat, 0), watch(chat, 0)];
  transport.last.refuse({ code: 'not-found', message: 'There is no such room.', destination: TOPIC, receipt: 'room-1' });
  expect([one.ends, other.ends]).toEqual([['not-found'], []]);
});

test('too many at once: the one that was refused is asked for again, unless the next connection has done so', async () => {
  const { chat, transport, clock } = await onlineClient();
  const { ends } = watch(chat, 7);
  const refuse = () => transport.last.refuse({ code: 'rate-limited', message: '', destination: TOPIC, receipt: 'room-1', retryAfterMs: 2_000 });
  refuse();
  await clock.advance(2_000);
  expect(topics(transport.last)).toHaveLength(2);
  refuse();
  transport.last.drop(1006);
  await clock.advance(500);
  transport.last.connected();
  await clock.advance(5_000);
  expect(topics(transport.last)).toHaveLength(1);
  expect(ends).toEqual([]);
});

test('who looks at a large room hears how many have not read', async () => {
  const { chat, transport } = await onlineClient();
  watch(chat, 0);
  transport.last.deliver({ type: 'READ', conversationId: ROOM, roomId: ROOM_ID, notRead: [[5, 812]] }, 'room-1');
  expect(chat.notRead(ROOM, 5)).toBe(812);
});
