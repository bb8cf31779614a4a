import type { Entry } from '@chat/protocol';
import { expect, test } from 'vitest';
import { countNotRead, countUnread } from './brute-force.ts';
import { ObservedLogs } from './observed-logs.ts';

const ROOM = 'room:lobby000';

function logs(): ObservedLogs {
  const log = new ObservedLogs();
  const entry = (seq: number, from: string, type: 'CHAT' | 'JOIN' | 'LEAVE'): Entry =>
    ({ conversationId: ROOM, roomId: 'lobby000', seq, id: `id${seq}`, from, sentAt: 0, ...(type === 'CHAT' ? { type, message: 'x' } : { type }) });
  const entries: readonly (readonly [string, 'CHAT' | 'JOIN' | 'LEAVE'])[] = [
    ['ann', 'JOIN'], ['bob', 'JOIN'], ['ann', 'CHAT'], ['bob', 'CHAT'], ['eve', 'JOIN'], ['ann', 'CHAT'], ['bob', 'LEAVE'], ['bob', 'JOIN'], ['eve', 'CHAT'],
  ];
  for (const [index, [from, type]] of entries.entries()) log.add(entry(index + 1, from, type));
  return log;
}

test('unread are the messages of others above the cursor', () => {
  expect([0, 3, 4, 6, 9].map((readSeq) => countUnread(logs(), ROOM, 'ann', readSeq))).toEqual([2, 2, 1, 1, 0]);
  expect(countUnread(logs(), ROOM, 'eve', 4)).toBe(1);
});

test('not read by: present members who were there, without the sender', () => {
  const cursors = new Map([['ann', 4], ['bob', 7], ['eve', 4]]);
  expect([3, 4, 6, 9].map((seq) => countNotRead(logs(), ROOM, seq, cursors))).toEqual([0, 0, 1, 2]);
  expect(countNotRead(logs(), ROOM, 4, new Map([['ann', 3], ['bob', 7], ['eve', 4]]))).toBe(1);
});

test('present is who joined last and did not leave', () => {
  expect(['ann', 'bob', 'eve', 'dan'].map((user) => logs().memberSince(ROOM, user))).toEqual([1, 8, 5, undefined]);
  const left = logs();
  left.add({ type: 'LEAVE', conversationId: ROOM, seq: 10, id: 'id10', from: 'bob', sentAt: 0 });
  expect(left.memberSince(ROOM, 'bob')).toBeUndefined();
});
