import { describe, expect, test } from 'vitest';
import type { TestStore } from '../testing/test-database.ts';
import { NO_LEAVE_VERSION } from './append-statement.ts';
import type { OpenConversation } from './log-entry.ts';
import { entry, MembershipWorld, opened, type TestRoom } from './membership.fixture.ts';
import type { UserRef } from './message-store.port.ts';
import { randomFrom } from './random.fixture.ts';

/** What every membership store promises, together with the message store. Each test has rooms of its own. */
export function describeMembershipStore(name: string, serverUrl: () => string): void {
  describe(`membership store on ${name}`, () => {
    const world = new MembershipWorld(serverUrl);
    const { user, key, room, join, leave, send } = world;

    test('a room begins with its owner, and making it again changes nothing', async () => {
      const x = await room();
      await expect(world.one.memberships.createRoom(world.newRoom(x.owner, { roomId: x.roomId }))).rejects.toThrow();
      expect(await world.one.memberships.roomAccess(x.roomId, x.owner.userNo)).toMatchObject({ lastSeq: 1, role: 'owner', member: true, readFrom: 0 });
    });

    test('joins and leaves once per real change, and answers the entry that holds', async () => {
      const x = await room();
      const anna = await user();
      expect(await join(anna, x)).toMatchObject({ changed: true, entry: { seq: 2, type: 'JOIN', from: anna.userId, details: null } });
      expect(await join(anna, x)).toMatchObject({ changed: false, entry: { seq: 2, type: 'JOIN' } });
      expect(await leave(anna, x)).toMatchObject({ changed: true, entry: { seq: 3, type: 'LEAVE' } });
      expect(await leave(anna, x)).toMatchObject({ changed: false, entry: { seq: 3, type: 'LEAVE' } });
      expect(await join(anna, x)).toMatchObject({ changed: true, entry: { seq: 4 } });
      const periods = [{ userNo: anna.userNo, joinedSeq: 1, leftSeq: 3 }, { userNo: anna.userNo, joinedSeq: 3, leftSeq: null }];
      expect(await world.one.memberships.roomSnapshot(x.conversation, [anna.userNo])).toEqual({ lastSeq: 4, members: periods });
      const positions = await world.one.store.positions(anna.userNo, 0);
      expect(positions.map(({ joinedSeq, leftSeq }) => [joinedSeq, leftSeq])).toEqual([[1, 3], [3, null]]);
    });

    test('[A3] a change under the same key is done once, and its repeat answers what was stored', async () => {
      const x = await room();
      const anna = await user();
      const change = { roomId: x.roomId, user: anna, by: anna, key: key(), change: 'join' } as const;
      const answers = await Promise.all([world.one, world.other, world.one, world.other].map((store) => store.memberships.changeMembership(change)));
      expect(answers.map((answer) => 'entry' in answer && answer.entry?.seq)).toEqual([2, 2, 2, 2]);
      expect(answers.filter((answer) => 'changed' in answer && answer.changed)).toHaveLength(1);
      await leave(anna, x);
      expect(await world.one.memberships.changeMembership(change)).toMatchObject({ changed: false, entry: { seq: 2 } });
    });

    test('[A4] who left may repeat what is stored and write nothing new; the others are not held up', async () => {
      const x = await room();
      const anna = await user();
      await join(anna, x);
      const seen = await opened(world.one, x.roomId, anna);
      await send(anna, seen, 'before');
      await leave(anna, x);
      const batch = [entry(anna, seen, 'before'), entry(x.owner, x.conversation, 'mine'), entry(anna, seen, 'after')];
      const answers = await world.one.store.append(batch);
      expect(answers).toMatchObject([{ seq: 3, repeatOf: { message: 'before' } }, { seq: 5, leaveVersion: 1 }, { refused: 'not-member' }]);
      const former = await opened(world.one, x.roomId, anna);
      expect(await world.one.store.append([entry(anna, former, 'before')])).toMatchObject([{ seq: 3 }]);
    });

    test('nobody writes or joins in an archived room, and members may leave it', async () => {
      const x = await room();
      const [anna, ben] = [await user(), await user()];
      await join(anna, x);
      expect(await world.one.memberships.archive(x.roomId, anna, true)).toEqual({ refused: 'not-allowed' });
      expect(await world.one.memberships.archive(x.roomId, x.owner, true)).toBe('changed');
      expect(await send(x.owner, x.conversation, 'hello?')).toEqual({ refused: 'archived' });
      expect(await join(ben, x)).toEqual({ refused: 'archived' });
      expect(await leave(anna, x)).toMatchObject({ changed: true });
      await world.one.memberships.archive(x.roomId, x.owner, false);
      expect(await send(x.owner, x.conversation, 'again')).toMatchObject({ seq: 4 });
    });

    test('roles decide who may bring in, expel and ban; who is banned does not come back', async () => {
      const x = await room({ visibility: 'private', history: 'joined' });
      const [anna, ben, cleo] = [await user(), await user(), await user()];
      expect(await join(anna, x)).toEqual({ refused: 'not-found' });
      expect(await join(anna, x, x.owner)).toMatchObject({ entry: { details: { by: x.owner.userId } } });
      expect(await join(ben, x, anna)).toEqual({ refused: 'not-allowed' });
      await world.one.memberships.changeRole({ roomId: x.roomId, user: anna, by: x.owner, role: 'moderator' });
      expect(await join(ben, x, anna)).toMatchObject({ changed: true });
      expect(await leave(x.owner, x, anna)).toEqual({ refused: 'not-allowed' });
      expect(await leave(anna, x, ben)).toEqual({ refused: 'not-allowed' });
      expect(await leave(x.owner, x)).toEqual({ refused: 'owner-stays' });
      const ban = { roomId: x.roomId, by: anna, change: 'leave', ban: { reason: 'spam' } } as const;
      expect(await world.one.memberships.changeMembership({ ...ban, user: ben, key: key() })).toMatchObject({ changed: true, entry: { type: 'LEAVE' } });
      expect(await world.one.memberships.changeMembership({ ...ban, user: cleo, key: key() })).toEqual({ changed: false, entry: undefined });
      expect(await join(ben, x, anna)).toEqual({ refused: 'banned' });
      expect(await join(cleo, x)).toEqual({ refused: 'not-found' });
      expect(await world.one.memberships.roomAccess(x.roomId, ben.userNo)).toBeUndefined();
      expect(await world.one.store.findForMember(x.conversation.conversationId, ben.userNo)).toBeUndefined();
      expect(await world.one.memberships.changeRole({ roomId: x.roomId, user: anna, by: x.owner, role: 'owner' })).toBe('changed');
      expect(await leave(x.owner, x)).toMatchObject({ changed: true });
    });

    test('reading begins where history says', async () => {
      const [all, joined] = [await room(), await room({ history: 'joined' })];
      const anna = await user();
      const readFrom = async (x: TestRoom): Promise<number | undefined> => (await world.one.memberships.roomAccess(x.roomId, anna.userNo))?.readFrom;
      expect([await readFrom(all), await readFrom(joined)]).toEqual([0, 1]);
      await send(joined.owner, joined.conversation, 'early');
      await join(anna, joined);
      await join(anna, all);
      expect([await readFrom(all), await readFrom(joined)]).toEqual([0, 2]);
      const { page } = await world.one.store.summaries(anna, undefined, 9);
      // Both may have been joined within one millisecond, so their order is left open.
      const found = new Map(page.map(({ roomId, name, members, unread, last }) => [roomId, { name, members, unread, last }]));
      const expected = { name: 'Room', members: 2, unread: 0, last: undefined };
      expect(found).toEqual(new Map([[all.roomId, expected], [joined.roomId, expected]]));
    });

    test('[A4] however joins, leaves and sends of two servers interleave, no entry of who left stands behind the LEAVE', async () => {
      const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
      console.log(`membership stress: SEED=${seed}`);
      const x = await room();
      const people = await Promise.all(Array.from({ length: 4 }, () => user()));
      let refused = 0;
      const act = async (store: TestStore, who: UserRef, random: () => number): Promise<void> => {
        // Seen in it by nobody yet.
        let seen: OpenConversation = { ...x.conversation, leaveVersion: NO_LEAVE_VERSION };
        for (let step = 0; step < 40; step++) {
          const choice = random();
          if (choice < 0.2) await join(who, x, who, store);
          else if (choice < 0.4) await leave(who, x, who, store);
          else if (choice < 0.5) seen = await opened(store, x.roomId, who).catch(() => seen);
          else {
            const answers = await store.store.append([entry(who, seen, `${choice}`), entry(x.owner, x.conversation, `${choice} ${who.userId}`)]);
            refused += answers.filter((answer) => 'refused' in answer).length;
            const [first] = answers;
            if (first !== undefined && 'leaveVersion' in first && first.leaveVersion !== undefined) seen = { ...seen, leaveVersion: first.leaveVersion };
          }
        }
      };
      // Everybody is at work on both servers at once.
      await Promise.all(people.flatMap((who, i) => [act(world.one, who, randomFrom(seed + i)), act(world.other, who, randomFrom(seed + 100 + i))]));
      const [log = []] = await world.one.store.readRanges([{ ...x.conversation, after: 0, upTo: 1e6 }], 10_000);
      expect(log.map(({ seq }) => seq)).toEqual(log.map((_, i) => i + 1));
      const inside = new Set<string>();
      for (const { type, from, seq } of log) {
        expect([seq, inside.has(from)]).toEqual([seq, type !== 'JOIN']);
        if (type === 'JOIN') inside.add(from);
        if (type === 'LEAVE') inside.delete(from);
      }
      expect(refused).toBeGreaterThan(0);
      const { members } = await world.one.memberships.roomSnapshot(x.conversation, people.map(({ userNo }) => userNo));
      expect(members.filter(({ leftSeq }) => leftSeq === null)).toHaveLength(inside.size - 1);
      const { page } = await world.one.store.summaries(x.owner, undefined, 1);
      expect(page[0]).toMatchObject({ members: inside.size, lastSeq: log.length });
    }, 60_000);
  });
}
