import { expect, test } from 'vitest';
import { onlineClient } from '../testing/scripted-client.ts';
import { membership, ROOM } from '../testing/entries.ts';
import { MemberCursors } from './member-cursors.ts';

const read = (from: string, seq: number) => ({ type: 'READ', conversationId: ROOM, from, seq, version: 1 }) as const;
const cursor = (userId: string, deliveredSeq: number, readSeq: number) => ({ userId, deliveredSeq, readSeq });

test('in a room: how many have not read, by everybody\'s cursor', () => {
  const cursors = new MemberCursors();
  expect(cursors.notRead(ROOM, 5, 'anna')).toBeUndefined();
  cursors.learn(ROOM, [cursor('ben', 5, 4), cursor('carl', 5, 5)], 3);
  expect([4, 5, 6].map((seq) => cursors.notRead(ROOM, seq, 'anna'))).toEqual([0, 1, 2]);
  cursors.signal(read('ben', 5));
  expect(cursors.notRead(ROOM, 5, 'anna')).toBe(0);
});

test('who joins counts for what comes after; who left counts no more', () => {
  const cursors = new MemberCursors();
  cursors.learn(ROOM, [cursor('ben', 4, 4)], 2);
  cursors.membership(membership('JOIN', 6, 'dora'));
  expect([5, 7].map((seq) => cursors.notRead(ROOM, seq, 'anna'))).toEqual([1, 2]);
  cursors.membership(membership('LEAVE', 8, 'ben'));
  expect([5, 7].map((seq) => cursors.notRead(ROOM, seq, 'anna'))).toEqual([0, 1]);
});

test('in a large room the server counts', () => {
  const cursors = new MemberCursors();
  expect(cursors.signal({ type: 'READ', conversationId: ROOM, roomId: ROOM.slice(5), notRead: [[5, 812], [6, 990]] })).toBe(true);
  expect([5, 6, 7].map((seq) => cursors.notRead(ROOM, seq, 'anna'))).toEqual([812, 990, undefined]);
});

test('where some members\' cursors are not told nothing is counted by them', () => {
  const cursors = new MemberCursors();
  cursors.learn(ROOM, [], 2);
  expect(cursors.notRead(ROOM, 5, 'anna')).toBeUndefined();
  cursors.learn(ROOM, [], 1); // alone in it
  cursors.membership(membership('JOIN', 4, 'ben'));
  expect(cursors.notRead(ROOM, 5, 'anna')).toBe(1);
  cursors.signal({ type: 'READ', conversationId: ROOM, roomId: ROOM.slice(5), notRead: [[4, 120]] }); // it has grown large
  expect([4, 5].map((seq) => cursors.notRead(ROOM, seq, 'anna'))).toEqual([120, undefined]);
});

test('of a room that is made now everybody is known from their JOIN on, until entries are left out or one was away', async () => {
  const { chat, transport } = await onlineClient();
  const deliver = (...entries: Parameters<typeof transport.last.deliver>[0][]) => entries.forEach((entry) => transport.last.deliver(entry));
  deliver(membership('JOIN', 1, 'anna'), membership('JOIN', 2, 'ben'), membership('JOIN', 3, 'carl'));
  expect(chat.notRead(ROOM, 4)).toBe(2);
  deliver(read('ben', 4));
  expect(chat.notRead(ROOM, 4)).toBe(1);
  deliver({ type: 'SYNCED', cursors: { [ROOM]: 900 }, truncated: [{ conversationId: ROOM, from: 4, to: 700 }] });
  expect(chat.notRead(ROOM, 4)).toBeUndefined();
  chat.learnCursors(ROOM, [cursor('ben', 900, 900)], 2);
  expect(chat.notRead(ROOM, 900)).toBe(0); // carl has left meanwhile
});
