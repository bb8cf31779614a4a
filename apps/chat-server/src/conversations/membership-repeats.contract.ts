import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../testing/test-database.ts';
import { openLossyWay, type LossyWay } from './lost-answers.fixture.ts';
import { MembershipWorld, type TestRoom } from './membership.fixture.ts';
import type { MembershipOutcome } from './membership-store.port.ts';
import type { UserRef } from './message-store.port.ts';

const HOUR_MS = 3_600_000;

/** What membership stores promise of invites, and of changes whose answer was lost. */
export function describeMembershipRepeats(name: string, serverUrl: () => string): void {
  describe(`invites and repeated changes of membership on ${name}`, () => {
    const world = new MembershipWorld(serverUrl);
    const { user, key, room, join, leave } = world;

    async function invite(x: TestRoom, { usesLeft, expiresIn }: { usesLeft?: number; expiresIn?: number } = {}): Promise<Buffer> {
      const hash = randomBytes(32);
      await world.sql(
        `insert into room_invites (token_hash, conversation_no, created_by, created_at, expires_at, uses_left)
         values ($1, $2, $3, now_ms(), now_ms() + $4::bigint, $5)`,
        [hash, x.conversation.conversationNo, x.owner.userNo, expiresIn ?? null, usesLeft ?? null],
      );
      return hash;
    }

    const usesLeft = async (inviteTokenHash: Buffer): Promise<number | null | undefined> =>
      (await world.sql<{ uses_left: number | null }>('select uses_left from room_invites where token_hash = $1', [inviteTokenHash]))[0]?.uses_left;

    const joinBy = (inviteTokenHash: Buffer, who: UserRef, { roomId }: TestRoom, store = world.one, as = key()): Promise<MembershipOutcome> =>
      store.memberships.changeMembership({ roomId, user: who, by: who, key: as, change: 'join', inviteTokenHash });

    const privateRoom = (): Promise<TestRoom> => room({ visibility: 'private', history: 'joined' });

    test('an invite lets into a private room; unknown, of another room, expired or used up it does not', async () => {
      const [x, y] = [await privateRoom(), await privateRoom()];
      const anna = await user();
      const bad = [randomBytes(32), await invite(y), await invite(x, { expiresIn: -1 }), await invite(x, { usesLeft: 0 })];
      for (const hash of bad) expect(await joinBy(hash, anna, x)).toEqual({ refused: 'invite-invalid' });
      const good = [await invite(x), await invite(x, { expiresIn: HOUR_MS, usesLeft: 1 })] as const;
      expect(await joinBy(good[0], anna, x)).toMatchObject({ changed: true, entry: { seq: 2, type: 'JOIN', details: null } });
      expect(await joinBy(good[1], await user(), x)).toMatchObject({ changed: true, entry: { seq: 3 } });
      expect([await usesLeft(good[0]), await usesLeft(good[1])]).toEqual([null, 0]);
    });

    test('a use of an invite is taken only by a join that happens', async () => {
      const x = await privateRoom();
      const [anna, ben] = [await user(), await user()];
      const hash = await invite(x, { usesLeft: 2 });
      const as = key();
      expect(await joinBy(hash, anna, x, world.one, as)).toMatchObject({ changed: true });
      expect(await usesLeft(hash)).toBe(1);
      // Repeated, and by who is a member already.
      expect(await joinBy(hash, anna, x, world.other, as)).toMatchObject({ changed: false, entry: { seq: 2 } });
      expect(await joinBy(hash, anna, x)).toMatchObject({ changed: false, entry: { seq: 2 } });
      const ban = { roomId: x.roomId, user: ben, by: x.owner, key: key(), change: 'leave', ban: { reason: null } } as const;
      await world.one.memberships.changeMembership(ban);
      expect(await joinBy(hash, ben, x)).toEqual({ refused: 'banned' });
      await world.one.memberships.archive(x.roomId, x.owner, true);
      expect(await joinBy(hash, await user(), x)).toEqual({ refused: 'archived' });
      expect(await usesLeft(hash)).toBe(1);
    });

    test('the last use of an invite is taken once, though two servers let somebody in at once', async () => {
      const x = await privateRoom();
      const hash = await invite(x, { usesLeft: 3 });
      const people = await Promise.all(Array.from({ length: 8 }, () => user()));
      const outcomes = await Promise.all(people.map((who, i) => joinBy(hash, who, x, i % 2 === 0 ? world.one : world.other)));
      expect(outcomes.filter((outcome) => 'changed' in outcome && outcome.changed)).toHaveLength(3);
      expect(outcomes.filter((outcome) => 'refused' in outcome).map((outcome) => outcome)).toEqual(Array(5).fill({ refused: 'invite-invalid' }));
      expect(await usesLeft(hash)).toBe(0);
    });

    test('[A3] a room made again under its own key is the same one, whatever was done in it since', async () => {
      const owner = await user();
      const wanted = world.newRoom(owner);
      const made = await Promise.all([world.one, world.other, world.one].map(({ memberships }) => memberships.createRoom(wanted)));
      expect(new Set(made.map((first) => JSON.stringify(first))).size).toBe(1);
      const x = { roomId: wanted.roomId, owner, conversation: { conversationId: '', conversationNo: 0, leaveVersion: 0 } };
      await join(await user(), x);
      expect(await world.other.memberships.createRoom({ ...wanted, name: 'Another' })).toEqual(made[0]);
      await expect(world.one.memberships.createRoom({ ...wanted, key: key() })).rejects.toThrow();
      await expect(world.one.memberships.createRoom({ ...wanted, owner: await user() })).rejects.toThrow();
      const { page } = await world.one.store.summaries(owner, undefined, 9);
      expect(page).toMatchObject([{ roomId: wanted.roomId, name: 'Room', members: 2, lastSeq: 2 }]);
    });

    async function withLostAnswers(work: (store: TestStore, way: LossyWay) => Promise<void>): Promise<void> {
      const way = await openLossyWay(world.url);
      const store = openTestStore(way.url);
      try {
        await work(store, way);
      } finally {
        await store.close();
        await way.close();
      }
    }

    test('[A3] a change whose answer was lost is of unknown outcome, and its repeat finds what was stored', async () => {
      const x = await room();
      const anna = await user();
      await withLostAnswers(async (store, way) => {
        for (const [change, seq] of [['join', 2], ['leave', 3], ['join', 4]] as const) {
          const wanted = { roomId: x.roomId, user: anna, by: anna, key: key(), change };
          way.loseNextCommit();
          await expect(store.memberships.changeMembership(wanted)).rejects.toMatchObject({ name: 'StoreUnavailable', outcomeKnown: false });
          const entry = { seq, type: change === 'join' ? 'JOIN' : 'LEAVE', from: anna.userId, key: wanted.key };
          expect(await store.memberships.changeMembership(wanted)).toMatchObject({ changed: false, entry });
        }
        const wanted = world.newRoom(anna);
        way.loseNextCommit();
        await expect(store.memberships.createRoom(wanted)).rejects.toMatchObject({ name: 'StoreUnavailable', outcomeKnown: false });
        expect(await store.memberships.createRoom(wanted)).toMatchObject({ seq: 1, type: 'JOIN', from: anna.userId });
      });
      const { page } = await world.one.store.summaries(x.owner, undefined, 1);
      expect(page[0]).toMatchObject({ members: 2, lastSeq: 4 });
    });

    test('[A3] a key that belongs to another entry of the same user changes nothing', async () => {
      const x = await room();
      const anna = await user();
      const change = { roomId: x.roomId, user: anna, by: anna, key: key() };
      expect(await world.one.memberships.changeMembership({ ...change, change: 'join' })).toMatchObject({ changed: true });
      expect(await world.one.memberships.changeMembership({ ...change, change: 'leave' })).toEqual({ refused: 'conflict' });
      expect(await world.one.memberships.changeMembership({ ...change, by: x.owner, change: 'join' })).toEqual({ refused: 'conflict' });
      expect(await leave(anna, x)).toMatchObject({ changed: true, entry: { seq: 3 } });
    });
  });
}
