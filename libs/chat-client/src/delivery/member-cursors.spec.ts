import { expect, test } from 'vitest';
import { membership, ROOM } from '../testing/entries.ts';
import { MemberCursors } from './member-cursors.ts';

const read = (from: string, seq: number) => ({ type: 'READ', conversationId: ROOM, from, seq, version: 1 }) as const;

test('in a room: how many have not read, by everybody\'s cursor', () => {
  const cursors = new MemberCursors();
  expect(cursors.notRead(ROOM, 5, 'anna')).toBeUndefined();
  cursors.learn(ROOM, [{ userId: 'ben', deliveredSeq: 5, readSeq: 4 }, { userId: 'carl', deliveredSeq: 5, readSeq: 5 }]);
  expect([4, 5, 6].map((seq) => cursors.notRead(ROOM, seq, 'anna'))).toEqual([0, 1, 2]);
  cursors.signal(read('ben', 5));
  expect(cursors.notRead(ROOM, 5, 'anna')).toBe(0);
});

test('who joins counts for what comes after; who left counts no more', () => {
  const cursors = new MemberCursors();
  cursors.learn(ROOM, [{ userId: 'ben', deliveredSeq: 4, readSeq: 4 }]);
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
