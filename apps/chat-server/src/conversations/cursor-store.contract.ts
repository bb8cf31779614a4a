import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, openTestStore, type TestDatabase, type TestStore } from '../testing/test-database.ts';
import type { CursorStore } from './cursor-store.port.ts';
import { DEVICES_PER_USER } from './cursor-store.postgres.ts';
import { clientKey, serverKey, type Conversation } from './log-entry.ts';
import type { UserRef } from './message-store.port.ts';

/** What every cursor store promises. */
export function describeCursorStore(name: string, serverUrl: () => string): void {
  describe(`cursor store on ${name}`, () => {
    let database: TestDatabase;
    let one: TestStore;
    let cursors: CursorStore;
    let users = 0;

    beforeAll(async () => {
      database = await createTestDatabase(serverUrl());
      one = openTestStore(database.url);
      cursors = one.cursors;
    });
    afterAll(async () => {
      await one.close();
      await database.drop();
    });

    async function pair(entries: number): Promise<{ a: UserRef; b: UserRef; conversation: Conversation }> {
      const number = ++users;
      const [a, b] = [await one.addUser(`a-${number}`), await one.addUser(`b-${number}`)];
      const conversation = await one.store.openDirect(a, b.userId);
      if (conversation === undefined) throw new Error('no conversation');
      const entry = { conversation, senderNo: a.userNo, from: a.userId, type: 'CHAT', details: null } as const;
      const keys = Array.from({ length: entries }, (_, i) => `${i}`);
      if (entries > 0) await one.store.append(keys.map((key) => ({ ...entry, key: clientKey(key), message: key })));
      const { conversationId, conversationNo } = conversation;
      return { a, b, conversation: { conversationId, conversationNo } };
    }

    test('a new device starts after the furthest device of its user; a known one at its own cursor', async () => {
      const { b, conversation } = await pair(4);
      const phone = await cursors.openDevice(b.userNo, 'phone');
      const laptop = await cursors.openDevice(b.userNo, 'laptop');
      const move = { userNo: b.userNo, conversation, cursorVersion: 0, announce: true };
      await cursors.moveDelivered([{ ...move, deviceNo: phone, seq: 3 }, { ...move, deviceNo: laptop, seq: 1 }]);
      const tablet = await cursors.openDevice(b.userNo, 'tablet');
      const delivered = async (device: number): Promise<number | undefined> =>
        (await one.store.positions(b.userNo, device)).find((row) => row.conversationNo === conversation.conversationNo)?.deliveredSeq;
      expect([await delivered(phone), await delivered(laptop), await delivered(tablet)]).toEqual([3, 1, 3]);
      expect(await cursors.openDevice(b.userNo, 'phone')).toBe(phone);
    });

    test('a user has so many devices at most: the one not seen for longest is forgotten, and its late moves do no harm', async () => {
      const { b, conversation } = await pair(1);
      const first = await cursors.openDevice(b.userNo, 'first');
      for (let i = 1; i < DEVICES_PER_USER; i++) await cursors.openDevice(b.userNo, `device ${i}`);
      expect(await cursors.openDevice(b.userNo, 'first')).toBe(first);
      const second = await cursors.openDevice(b.userNo, 'device 1');
      for (let i = 0; i < DEVICES_PER_USER - 1; i++) await cursors.openDevice(b.userNo, `newer ${i}`);
      expect(await cursors.openDevice(b.userNo, 'device 1')).toBe(second);
      const again = await cursors.openDevice(b.userNo, 'first');
      expect(again).not.toBe(first);
      const late = { userNo: b.userNo, conversation, cursorVersion: 0, announce: true, deviceNo: first, seq: 1 };
      expect(await cursors.moveDelivered([late])).toMatchObject([{ seq: 1 }]);
    });

    test('cursors move forward only, never past the end; each move that is told has a version of its own', async () => {
      const { a, b, conversation } = await pair(3);
      const move = { userNo: b.userNo, conversation, deviceNo: 0, cursorVersion: 0, announce: true };
      const moved = { userNo: b.userNo, conversationNo: conversation.conversationNo, told: true, large: false };
      expect(await cursors.moveRead([{ ...move, seq: 2 }])).toEqual([{ ...moved, seq: 2, version: 1 }]);
      expect(await cursors.moveRead([{ ...move, seq: 1 }])).toEqual([]);
      expect(await cursors.moveDelivered([{ ...move, seq: 2 }])).toEqual([]); // what is read is delivered
      const both = await cursors.moveRead([{ ...move, seq: 99 }, { ...move, userNo: a.userNo, seq: 1 }]);
      expect(both.map(({ userNo, seq }) => [userNo, seq]).sort()).toEqual([[a.userNo, 1], [b.userNo, 3]].sort());
      expect(both.map(({ version }) => version).sort()).toEqual([2, 3]);
      const member = { conversation, hidesReading: false, version: 3, silentMoves: 0 };
      expect(await cursors.memberCursors(a.userNo, [conversation.conversationNo])).toEqual([
        { ...member, ...a, deliveredSeq: 1, readSeq: 1 },
        { ...member, ...b, deliveredSeq: 3, readSeq: 3 },
      ]);
      expect(await cursors.cursorVersions([a.userNo])).toEqual([{ ...conversation, version: 3 }]);
    });

    test('of a person who turned receipts off nobody is told, and the counts are right', async () => {
      const { a, b, conversation } = await pair(3);
      await one.turnReceiptsOff(b);
      const move = { userNo: b.userNo, conversation, deviceNo: 0, cursorVersion: 0, announce: true };
      expect(await cursors.moveRead([{ ...move, seq: 2 }])).toMatchObject([{ told: false, large: false, version: 0 }]);
      expect(await cursors.notReadOf(conversation, [3, 2, 1])).toEqual([1, 0, 0]);
      expect(await cursors.readers(conversation, 2)).toEqual([]);
      const [, hidden] = await cursors.memberCursors(a.userNo, [conversation.conversationNo]);
      expect(hidden).toMatchObject({ userId: b.userId, hidesReading: true, readSeq: 2, silentMoves: 1 });
      const page = (await one.store.summaries(a, undefined, 10)).page;
      expect(page.find((row) => row.conversationId === conversation.conversationId)?.cursors).toMatchObject([{ readSeq: 0 }]);
    });

    test('[S4] what nobody is told of makes no hole in the versions', async () => {
      const { a, b, conversation } = await pair(3);
      const move = { conversation, deviceNo: 0, cursorVersion: 0 };
      await cursors.moveRead([{ ...move, userNo: b.userNo, seq: 1, announce: true }]);
      const quiet = await cursors.moveDelivered([{ ...move, userNo: a.userNo, seq: 3, announce: false }]);
      expect(quiet).toMatchObject([{ told: false, version: 0 }]);
      expect(await cursors.moveRead([{ ...move, userNo: b.userNo, seq: 2, announce: true }])).toMatchObject([{ version: 2 }]);
    });

    test('however moves of two servers cross, as many members stand at each position as there are', async () => {
      const owner = await one.addUser('crossing-owner');
      const made = await one.memberships.createRoom({
        roomId: 'crossing00001', name: 'Room', searchName: 'room', topic: '', picture: null, visibility: 'public', history: 'all', owner, key: serverKey(1, 1),
      });
      const room = { conversationId: 'room:crossing00001', conversationNo: made.conversationNo, leaveVersion: 0 };
      const people = await Promise.all(Array.from({ length: 8 }, (_, i) => one.addUser(`crossing-${i}`)));
      for (const [i, user] of people.entries()) {
        await one.memberships.changeMembership({ roomId: 'crossing00001', user, by: user, key: serverKey(1, 2 + i), change: 'join' });
      }
      await one.store.append(Array.from({ length: 40 }, (_, i) => ({
        conversation: room, senderNo: owner.userNo, from: owner.userId, type: 'CHAT', key: serverKey(2, i), message: `${i}`, details: null,
      } as const)));
      const other = openTestStore(database.url);
      try {
        // Each server moves everybody, in orders of its own, several moves of one person in a statement among them.
        const moves = (store: TestStore, step: number): Promise<unknown>[] =>
          Array.from({ length: 25 }, (_, round) =>
            store.cursors.moveRead(people.flatMap((user, i) => {
              const move = { userNo: user.userNo, conversation: room, deviceNo: 0, cursorVersion: 0, announce: true };
              const seq = 9 + ((round * step + i * 7) % 40);
              return [{ ...move, seq }, { ...move, seq: seq - 1 }];
            })),
          );
        await Promise.all([...moves(one, 3), ...moves(other, 5)]);
        // Everybody had joined by then.
        const seqs = Array.from({ length: 40 }, (_, i) => 10 + i);
        const read = (await one.cursors.memberCursors(undefined, [room.conversationNo])).filter(({ userNo }) => userNo !== owner.userNo);
        expect(read).toHaveLength(people.length);
        expect(await one.cursors.notReadOf(room, seqs)).toEqual(seqs.map((seq) => read.filter(({ readSeq }) => readSeq < seq).length));
      } finally {
        await other.close();
      }
    });
  });
}
