import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { entry, MembershipWorld, type TestRoom } from '../conversations/membership.fixture.ts';
import type { UserRef } from '../conversations/message-store.port.ts';
import { Retention } from './retention.ts';

const DAY_MS = 86_400_000;

describe('retention', () => {
  const world = new MembershipWorld(() => inject('services').databaseUrl);
  const defects: unknown[] = [];
  let pool: Pool;
  beforeAll(() => {
    pool = new Pool({ connectionString: world.url, max: 4 });
    pool.on('error', () => undefined); // the database is dropped under it at the end
  });
  afterAll(async () => {
    await pool.end();
    expect(defects).toEqual([]);
  });

  const retention = (keep: { days?: number; entries?: number } = {}, youngestMs?: number): Retention =>
    new Retention({
      pool,
      keep: { days: keep.days ?? 0, entries: keep.entries ?? 0 },
      onDefect: (error) => defects.push(error),
      ...(youngestMs === undefined ? {} : { youngestMs }),
    });

  /** A room with its owner's JOIN and `sends` messages, each a day older than the next, the last one of today. */
  async function filled(sends: number, keep: { days?: number; entries?: number } = {}): Promise<TestRoom> {
    const x = await world.room();
    for (let i = 1; i <= sends; i++) await world.send(x.owner, x.conversation, `m${i}`);
    await world.sql('update entries set sent_at = now_ms() - ($2::bigint - seq) * $3 where conversation_no = $1', [no(x), sends + 1, DAY_MS]);
    await world.sql('update rooms set retention_days = $2, retention_entries = $3 where conversation_no = $1', [no(x), keep.days ?? null, keep.entries ?? null]);
    return x;
  }

  const no = (x: TestRoom): number => x.conversation.conversationNo;

  async function seqs(x: TestRoom): Promise<number[]> {
    const [entries = []] = await world.one.store.readRanges([{ ...x.conversation, after: 0, upTo: 1e6 }], 100_000);
    return entries.map((each) => each.seq);
  }

  async function position(x: TestRoom, user: UserRef = x.owner) {
    const rows = await world.one.store.positions(user.userNo, 0);
    return rows.find((row) => row.conversationNo === no(x));
  }

  test('the newest of a room stay, as many as it asks for', async () => {
    const x = await filled(9, { entries: 3 });
    const other = await filled(2);
    await retention().sweep();
    expect(await seqs(x)).toEqual([8, 9, 10]);
    expect(await seqs(other)).toEqual([1, 2, 3]);
    expect(await position(x)).toMatchObject({ joinedSeq: 7, lastSeq: 10, deliveredSeq: 7 });
    expect(await world.send(x.owner, x.conversation, 'next')).toMatchObject({ seq: 11 });
  });

  test('of days and entries, of the room and of the server, the narrower bound holds', async () => {
    const [days, entries, wide] = [await filled(9, { days: 2 }), await filled(9, { days: 7, entries: 4 }), await filled(9, { days: 30, entries: 30 })];
    await retention({ days: 5, entries: 8 }).sweep();
    // The newest is of today: two days are the last two, and today's.
    expect([await seqs(days), await seqs(entries), await seqs(wide)]).toEqual([[9, 10], [7, 8, 9, 10], [6, 7, 8, 9, 10]]);
  });

  test('what is younger than a day stays, so that a repeat of it is known', async () => {
    const x = await world.room();
    const sent = entry(x.owner, x.conversation, 'once');
    await world.one.store.append([sent]);
    for (let i = 0; i < 5; i++) await world.send(x.owner, x.conversation, `${i}`);
    await retention({ entries: 1 }).sweep();
    expect(await seqs(x)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const [again] = await world.one.store.append([sent]);
    expect(again).toMatchObject({ seq: 2, repeatOf: { message: 'once' } });
    await retention({ entries: 1 }, 0).sweep();
    expect(await seqs(x)).toEqual([7]);
  });

  test('what hangs on an entry goes with it, and nothing of later ones', async () => {
    const x = await filled(6, { entries: 3 });
    for (const target of [2, 6]) {
      await world.sql(`insert into reactions values ($1, $2, '👍', $3, 99)`, [no(x), target, x.owner.userNo]);
      await world.sql(`insert into reaction_counts values ($1, $2, '👍', 1, 99)`, [no(x), target]);
      await world.sql('insert into pins values ($1, $2, $3)', [no(x), target, x.owner.userNo]);
      await world.sql(`insert into search_texts values ($1, $2, $3, 0, 'text', '{}')`, [no(x), target, x.owner.userNo]);
    }
    await retention().sweep();
    for (const [table, column] of [['reactions', 'target'], ['reaction_counts', 'target'], ['pins', 'seq'], ['search_texts', 'seq']]) {
      expect(await world.sql(`select ${column}::integer as seq from ${table} where conversation_no = $1`, [no(x)]), table).toEqual([{ seq: 6 }]);
    }
    expect(await world.sql('select seq::integer from search_progress where conversation_no = $1', [no(x)])).toEqual([{ seq: 4 }]);
  });

  test('what is gone is not unread, in blocks that were counted before as well', async () => {
    const x = await world.room();
    const anna = await world.user();
    await world.join(anna, x);
    const batch = Array.from({ length: 2_500 }, (_, i) => entry(x.owner, x.conversation, `m${i}`));
    for (let i = 0; i < batch.length; i += 100) await world.one.store.append(batch.slice(i, i + 100));
    const unread = async (): Promise<number | undefined> => (await world.one.store.summaries(anna, undefined, 9)).page[0]?.unread;
    expect(await unread()).toBe(2_500);
    await world.sql('update entries set sent_at = sent_at - $2 where conversation_no = $1', [no(x), 2 * DAY_MS]);
    await retention({ entries: 1_234 }).sweep();
    expect(await unread()).toBe(1_234);
    expect((await seqs(x)).length).toBe(1_234);
  });

  test('when all is gone the conversation stands, empty, and goes on where it was', async () => {
    const x = await filled(4, { days: 1 });
    await world.sql('update entries set sent_at = sent_at - $2 where conversation_no = $1', [no(x), 2 * DAY_MS]);
    await retention().sweep();
    expect(await seqs(x)).toEqual([]);
    expect(await position(x)).toMatchObject({ joinedSeq: 5, lastSeq: 5 });
    expect((await world.one.store.summaries(x.owner, undefined, 9)).page).toMatchObject([{ unread: 0 }]);
    expect(await world.send(x.owner, x.conversation, 'anew')).toMatchObject({ seq: 6 });
  });

  test('a membership that ended before what is left brings nothing', async () => {
    const x = await filled(1);
    const anna = await world.user();
    await world.join(anna, x);
    await world.leave(anna, x);
    for (let i = 0; i < 4; i++) await world.send(x.owner, x.conversation, `${i}`);
    await retention({ entries: 2 }, 0).sweep();
    expect(await position(x, anna)).toMatchObject({ joinedSeq: 4, leftSeq: 4 });
  });

  test('two servers at once delete each entry once, beside sends that go on', async () => {
    const x = await world.room();
    const batch = Array.from({ length: 3_000 }, (_, i) => entry(x.owner, x.conversation, `m${i}`));
    for (let i = 0; i < batch.length; i += 100) await world.one.store.append(batch.slice(i, i + 100));
    await world.sql('update rooms set retention_entries = 10 where conversation_no = $1', [no(x)]);
    const only = (): Retention => retention({}, 0);
    const [one, other] = [only(), only()];
    let going = true;
    let sent = 0;
    const sends = (async () => {
      while (going) {
        await world.send(x.owner, x.conversation, `meanwhile ${sent++}`);
      }
    })();
    await Promise.all([one.sweep(), other.sweep()]);
    going = false;
    await sends;
    await one.sweep();
    expect(await seqs(x)).toHaveLength(10);
    // Its owner's JOIN as well.
    expect(one.deleted + other.deleted).toBe(1 + batch.length + sent - 10);
  });

  test('a crash between moving the beginning and deleting leaves nothing that stays', async () => {
    const x = await filled(5, { entries: 2 });
    await world.sql('update conversations set kept_from = 5 where conversation_no = $1', [no(x)]);
    await retention().sweep();
    expect(await seqs(x)).toEqual([5, 6]);
  });
});
