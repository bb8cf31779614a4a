import { describe, expect, inject, test } from 'vitest';
import type { EntryGroup } from './entry-groups.ts';
import { clientKey } from './log-entry.ts';
import { MembershipWorld, opened, type TestRoom } from './membership.fixture.ts';
import type { Appended, MessageStore, NewEntry, Refused, UserRef } from './message-store.port.ts';
import { randomFrom } from './random.fixture.ts';

const SEED = 20_261_124;
const ROUNDS = 150;
const KEYS = 12;

/** Random batches on two servers at once: keys come again, also with another text, and one sender has left. */
describe('groups of entries', () => {
  const world = new MembershipWorld(() => inject('services').databaseUrl);
  const random = randomFrom(SEED);
  const below = (limit: number): number => Math.floor(random() * limit);

  /** `before`: the rooms as `left` still knows them. */
  type Ground = { readonly rooms: readonly TestRoom[]; readonly before: readonly TestRoom[]; readonly people: readonly UserRef[]; readonly left: UserRef | undefined };

  async function ground(): Promise<Ground> {
    const rooms = await Promise.all(Array.from({ length: 3 }, () => world.room()));
    const people = await Promise.all(Array.from({ length: 3 }, () => world.user()));
    for (const who of people) for (const room of rooms) await world.join(who, room);
    const [left] = people;
    if (left !== undefined) for (const room of rooms) await world.leave(left, room);
    const now = await Promise.all(rooms.map(async (room) => ({ ...room, conversation: await opened(world.one, room.roomId, room.owner) })));
    return { rooms: now, before: rooms, people, left };
  }

  function entry({ rooms, before, people, left }: Ground, group: EntryGroup | undefined): NewEntry {
    const sender = random() < 0.05 ? left : people[1 + below(people.length - 1)];
    const room = (sender === left ? before : rooms)[below(rooms.length)];
    if (room === undefined || sender === undefined) throw new Error('no such room or sender');
    const key = below(KEYS * 10);
    const message = random() < 0.1 ? `${key}, said otherwise` : String(key);
    return {
      conversation: room.conversation, senderNo: sender.userNo, from: sender.userId,
      type: 'CHAT', key: clientKey(`k${key}`), message, details: null, ...(group && { group }),
    };
  }

  function batch(of: Ground): NewEntry[] {
    return Array.from({ length: 1 + below(4) }, () => {
      const group: EntryGroup | undefined = random() < 0.6 ? Symbol('group') : undefined;
      return Array.from({ length: group === undefined ? 1 : 1 + below(5) }, () => entry(of, group));
    }).flat();
  }

  test(`[A7] each is stored whole or not at all, one key once, numbers without a gap (seed ${SEED})`, async () => {
    const of = await ground();
    const counts = { stored: 0, refused: 0 };
    const work = async (store: MessageStore): Promise<void> => {
      for (let round = 0; round < ROUNDS; round++) {
        const entries = batch(of);
        check(entries, await store.append(entries), of.left?.userNo, counts);
      }
    };
    await Promise.all([work(world.one.store), work(world.other.store)]);
    expect(counts.stored).toBeGreaterThan(ROUNDS);
    expect(counts.refused).toBeGreaterThan(ROUNDS);
    let stored = 0;
    for (const { conversation } of of.rooms) {
      const [range = []] = await world.one.store.readRanges([{ ...conversation, after: 0, upTo: 10_000 }], 10_000);
      expect(range.map(({ seq }) => seq)).toEqual(range.map((_, i) => i + 1));
      const said = range.filter(({ type }) => type === 'CHAT');
      expect(new Set(said.map(({ from, key }) => `${from} ${key}`)).size).toBe(said.length);
      stored += said.length;
    }
    expect(stored).toBe(counts.stored);
  });
});

function check(entries: readonly NewEntry[], answers: readonly (Appended | Refused)[], left: number | undefined, counts: { stored: number; refused: number }): void {
  const groups = new Map<EntryGroup, (Appended | Refused)[]>();
  entries.forEach((entry, i) => {
    const answer = answers[i];
    if (answer === undefined) throw new Error('no answer');
    if (entry.group !== undefined) groups.set(entry.group, [...(groups.get(entry.group) ?? []), answer]);
    if ('refused' in answer) counts.refused++;
    else if (answer.repeatOf === undefined) counts.stored++;
    if (entry.senderNo === left) expect(answer).toHaveProperty('refused');
    // Of a group nobody is told of a place that holds something else.
    if (entry.group !== undefined && !('refused' in answer) && answer.repeatOf !== undefined) {
      expect(answer.repeatOf.message).toBe(entry.message);
    }
  });
  for (const group of groups.values()) {
    const refused = group.filter((answer): answer is Refused => 'refused' in answer);
    if (refused.length === 0) continue;
    expect(refused).toHaveLength(group.length);
    expect(refused.filter(({ companion }) => companion === undefined)).toHaveLength(1);
  }
}
