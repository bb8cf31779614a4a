import type { Entry } from '@chat/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chat, DIRECT, membership, ROOM } from '../testing/entries.ts';
import { type Cursors, EntryOrder, type Truncated } from './entry-order.ts';

function order(cursors?: Cursors) {
  const passed: Entry[] = [];
  const truncated: Truncated[] = [];
  let syncs = 0;
  const made = new EntryOrder('anna', cursors, {
    inOrder: (entry) => passed.push(entry),
    truncated: (gap) => truncated.push(gap),
    missing: () => syncs++,
  });
  return { made, truncated, seqs: () => passed.map((entry) => entry.seq), syncs: () => syncs };
}

test('repeats are dropped', () => {
  const { made, seqs } = order({ [DIRECT]: 1 });
  for (const seq of [1, 2, 2, 3, 1, 3, 4]) made.entry(chat(seq));
  expect(seqs()).toEqual([2, 3, 4]);
});

test('a gap asks for one sync, and what came early waits for it', () => {
  const { made, seqs, syncs } = order({ [DIRECT]: 4 });
  made.entry(chat(7));
  made.entry(chat(8));
  expect(seqs()).toEqual([]);
  expect(syncs()).toBe(1);
  for (const seq of [5, 6, 7, 8]) made.entry(chat(seq));
  made.synced({ type: 'SYNCED', cursors: { [DIRECT]: 8 } });
  made.entry(chat(9));
  expect(seqs()).toEqual([5, 6, 7, 8, 9]);
  expect(syncs()).toBe(1);
});

test('an entry that was on its way when the sync was asked for does not pass for the sync\'s own', () => {
  const { made, seqs } = order({ [DIRECT]: 4 });
  made.syncStarted();
  made.entry(chat(9)); // live, before the server had read the sync
  made.entry(chat(5));
  expect(seqs()).toEqual([5]);
});

test('a truncated sync passes on the newest and names the rest first', () => {
  const { made, seqs, truncated } = order({ [DIRECT]: 10 });
  made.syncStarted();
  for (const seq of [98, 99, 100]) made.entry(chat(seq));
  expect(seqs()).toEqual([]);
  made.synced({ type: 'SYNCED', cursors: { [DIRECT]: 100 }, truncated: [{ conversationId: DIRECT, from: 11, to: 97 }] });
  expect(truncated).toEqual([{ conversationId: DIRECT, from: 11, to: 97 }]);
  expect(seqs()).toEqual([98, 99, 100]);
});

test('a fresh device goes on from where SYNCED says', () => {
  const { made, seqs, syncs } = order();
  made.syncStarted();
  made.synced({ type: 'SYNCED', cursors: { [DIRECT]: 41 } });
  made.entry(chat(42));
  expect(seqs()).toEqual([42]);
  expect(syncs()).toBe(0);
  expect(made.cursors).toEqual({ [DIRECT]: 42 });
});

test('one\'s own JOIN may follow a jump; anyone else\'s may not', () => {
  const own = order();
  own.made.entry(membership('JOIN', 17, 'anna'));
  own.made.entry(chat(18, { conversationId: ROOM }));
  expect(own.seqs()).toEqual([17, 18]);
  expect(own.syncs()).toBe(0);
  const others = order();
  others.made.entry(membership('JOIN', 17, 'ben'));
  expect(others.seqs()).toEqual([]);
  expect(others.syncs()).toBe(1);
});

test('the cursor of a room that one has left stays at the LEAVE: the next sync is not to bring its past again', () => {
  const { made } = order({ [ROOM]: 5, [DIRECT]: 2 });
  made.entry(membership('LEAVE', 6, 'anna'));
  made.synced({ type: 'SYNCED', cursors: { [DIRECT]: 2 } });
  expect(made.cursors).toEqual({ [ROOM]: 6, [DIRECT]: 2 });
});

test('whatever order and however often entries come, each passes once and in order', () => {
  const arrivals = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(arrivals, fc.array(fc.nat(60), { maxLength: 5 }), (seqs, reconnects) => {
      const { made, seqs: passed } = order({});
      const highest = Math.max(...seqs);
      const sync = (): void => {
        made.syncStarted();
        const from = made.cursorOf(DIRECT) + 1;
        for (let seq = from; seq <= highest; seq++) made.entry(chat(seq));
        made.synced({ type: 'SYNCED', cursors: { [DIRECT]: highest } });
      };
      seqs.forEach((seq, index) => {
        made.entry(chat(seq));
        if (reconnects.includes(index)) sync();
      });
      sync();
      expect(passed()).toEqual(Array.from({ length: highest }, (_, index) => index + 1));
    }),
  );
});
