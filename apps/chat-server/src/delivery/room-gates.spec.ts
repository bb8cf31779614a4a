import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LogEntry } from '../conversations/log-entry.ts';
import { newDeliveryCounts, type DeliveryCounts } from './delivery-counts.ts';
import { DELIVERY_LIMITS } from './delivery-limits.ts';
import { Feed, type FeedStart } from './feed.ts';
import type { Gates } from './gates.ts';
import { RecordingSink } from './recording-sink.fixture.ts';
import { gatesOn, ScriptedLog } from './scripted-log.fixture.ts';

const ROOM = 'room:abcdefgh';
const DEVICE: FeedStart = { kind: 'device' };

describe('gates of rooms', () => {
  let log: ScriptedLog;
  let counts: DeliveryCounts;
  let gates: Gates;
  let registered: string[];
  const directory = {
    addRoom: (roomId: string): Promise<void> => {
      registered.push(`+${roomId} at ${log.lastSeq(ROOM)}`);
      return Promise.resolve();
    },
    removeRoom: (roomId: string): void => void registered.push(`-${roomId}`),
  };

  beforeEach(() => {
    vi.useFakeTimers();
    log = new ScriptedLog();
    counts = newDeliveryCounts();
    registered = [];
    gates = gatesOn(log, { counts, directory });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function feedOf(userId: string, cursors?: ReadonlyMap<string, number>) {
    const user = gates.user(log.numberOf(userId), userId);
    const sink = new RecordingSink();
    const feed = new Feed(user, log.source(userId, cursors), log, gates, counts, sink);
    user.feeds.add(feed);
    const close = (): void => {
      feed.close();
      user.feeds.delete(feed);
      gates.release(user);
    };
    return { feed, sink, close };
  }

  async function openFeed(userId: string, cursor = log.lastSeq(ROOM)) {
    const opened = feedOf(userId, new Map([[ROOM, cursor]]));
    opened.feed.open(DEVICE);
    await pass(200);
    expect(opened.feed.live).toBe(true);
    return opened;
  }

  const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
  const seqs = (...numbers: number[]): string[] => numbers.map((seq) => `${ROOM}/${seq}`);
  const memberReads = (): number => log.reads.filter((read) => read === `${ROOM} members`).length;
  function tell(...entries: readonly LogEntry[]): void {
    for (const entry of entries) gates.accept(entry);
  }

  test('[G3] the JOIN brings one in and the LEAVE out, each the last or first that one gets', async () => {
    log.join(ROOM, 'anna');
    const anna = await openFeed('anna');
    const ben = await openFeed('ben');
    tell(log.append(ROOM), log.join(ROOM, 'ben'), log.append(ROOM), log.leave(ROOM, 'ben'), log.append(ROOM));
    expect(anna.sink.seen).toEqual(seqs(2, 3, 4, 5, 6));
    expect(ben.sink.seen).toEqual(seqs(3, 4, 5));
  });

  test('[G3] a LEAVE that comes before what is before it takes effect in its place', async () => {
    log.join(ROOM, 'anna');
    const anna = await openFeed('anna');
    log.join(ROOM, 'ben');
    const [chat, leave] = [log.append(ROOM, 'ben'), log.leave(ROOM, 'anna')];
    tell(leave, chat);
    expect(anna.sink.seen).toEqual([]);
    await pass(500);
    expect(anna.sink.seen).toEqual(seqs(2, 3, 4));
  });

  test('[G3] a session that reads slowly does not bring one back who has left meanwhile', async () => {
    log.join(ROOM, 'anna');
    log.join(ROOM, 'ben');
    await openFeed('anna');
    log.delays = () => [1, 300];
    const { feed, sink } = feedOf('ben', new Map([[ROOM, 2]]));
    feed.open(DEVICE);
    await pass(100); // read that ben is a member; the answer is on its way
    log.delays = () => [1, 1];
    tell(log.leave(ROOM, 'ben'), log.append(ROOM));
    await pass(1_000);
    tell(log.append(ROOM));
    expect(feed.live).toBe(true);
    expect(sink.seen).toEqual(seqs(3));
  });

  test('[G3] a read that is ahead of the gate brings the gate up to it first', async () => {
    log.join(ROOM, 'anna');
    const anna = await openFeed('anna');
    log.join(ROOM, 'ben'); // its news is lost
    log.append(ROOM);
    const ben = await openFeed('ben', 0);
    expect(anna.sink.seen).toEqual(seqs(2, 3));
    expect(ben.sink.seen).toEqual(seqs(2, 3));
  });

  test('[G2] who joins while being live gets everything from the JOIN on, though the gate is made later', async () => {
    log.conversation(ROOM);
    const ben = await openFeed('ben');
    log.join(ROOM, 'anna');
    const join = log.join(ROOM, 'ben');
    log.append(ROOM); // its news is lost
    tell(join, log.append(ROOM));
    await pass(500);
    expect(ben.sink.seen).toEqual(seqs(2, 3, 4));
  });

  test('[G2] a membership that came and went before a gate was made is handed over as well', async () => {
    log.join(ROOM, 'anna');
    const ben = await openFeed('ben');
    log.join(ROOM, 'ben');
    log.append(ROOM);
    log.leave(ROOM, 'ben');
    tell(log.append(ROOM), log.join(ROOM, 'ben'));
    await pass(500);
    expect(ben.sink.seen).toEqual(seqs(2, 3, 4, 6));
  });

  test('[G2] a room that nobody here is in costs no gate, and one read a second at most', async () => {
    log.join(ROOM, 'anna');
    await openFeed('ben');
    for (let i = 0; i < 100; i++) {
      tell(log.append(ROOM));
      await pass(30);
    }
    expect(memberReads()).toBeLessThanOrEqual(5);
    await pass(2_000);
    expect(gates.size).toBe(0);
    tell(log.of(ROOM)[50] ?? log.append(ROOM));
    expect(gates.size).toBe(0);
  });

  test('[G2] nobody who listens: nothing is read', async () => {
    log.join(ROOM, 'anna');
    tell(log.append(ROOM));
    await pass(1_000);
    expect([gates.size, log.reads]).toEqual([0, []]);
  });

  test('[G4] a LEAVE with a JOIN behind it leaves the gate in its place', async () => {
    log.join(ROOM, 'anna');
    const anna = await openFeed('anna');
    tell(log.leave(ROOM, 'anna'));
    await pass(1_500);
    tell(log.join(ROOM, 'anna'), log.append(ROOM));
    await pass(5_000);
    expect(anna.sink.seen).toEqual(seqs(2, 3, 4));
    expect([gates.size, memberReads(), registered.length]).toEqual([1, 2, 1]);
  });

  test('[G4] a gate lives 2 s longer than the last member here', async () => {
    log.join(ROOM, 'anna');
    await openFeed('anna');
    tell(log.leave(ROOM, 'anna'));
    await pass(1_900);
    expect(gates.size).toBe(1);
    await pass(200);
    expect(gates.size).toBe(0);
  });

  test('[R2] a room is registered, then read; taken out 2 s after its gate, unless somebody comes', async () => {
    log.join(ROOM, 'anna');
    const opened = await openFeed('anna');
    expect(registered).toEqual(['+abcdefgh at 1']);
    expect(memberReads()).toBe(2); // one before and one after
    opened.close();
    await pass(3_900);
    expect([gates.size, registered.length]).toEqual([0, 1]);
    const again = await openFeed('anna');
    await pass(5_000);
    expect(registered).toEqual(['+abcdefgh at 1']);
    again.close();
    await pass(4_100);
    expect(registered).toEqual(['+abcdefgh at 1', '-abcdefgh']);
  });

  test('[R2] with the directory away a room goes live after a second, and being registered late is told', async () => {
    let register = (): void => undefined;
    const late = vi.fn();
    const slow = { addRoom: () => new Promise<void>((resolve) => (register = resolve)), removeRoom: () => undefined };
    gates = gatesOn(log, { counts, directory: slow, onLate: late });
    log.join(ROOM, 'anna');
    const { feed } = feedOf('anna');
    feed.open(DEVICE);
    await pass(900);
    expect(feed.live).toBe(false);
    await pass(500);
    expect([feed.live, late.mock.calls.length]).toEqual([true, 0]);
    register();
    await pass(1);
    expect(late).toHaveBeenCalledTimes(1);
  });

  test('[S3] of memberships that ended comes what is up to the LEAVE, then the JOIN of the next', async () => {
    log.join(ROOM, 'anna'); // 1
    log.join(ROOM, 'ben'); // 2
    log.append(ROOM);
    log.leave(ROOM, 'ben'); // 4
    log.append(ROOM);
    log.join(ROOM, 'ben'); // 6
    log.append(ROOM);
    const ben = await openFeed('ben', 2);
    expect(ben.sink.seen).toEqual(seqs(3, 4, 6, 7));
    tell(log.leave(ROOM, 'ben'), log.append(ROOM));
    expect(ben.sink.seen).toEqual(seqs(3, 4, 6, 7, 8));
  });

  test('[S3] a limit and what it leaves out count for each membership', async () => {
    log.join(ROOM, 'ben'); // 1
    for (let i = 0; i < 5; i++) log.append(ROOM); // 2 to 6
    log.leave(ROOM, 'ben'); // 7
    log.append(ROOM);
    log.join(ROOM, 'ben'); // 9
    for (let i = 0; i < 5; i++) log.append(ROOM); // 10 to 14
    const { feed, sink } = feedOf('ben');
    feed.open({ kind: 'sync', cursors: new Map([[ROOM, 1]]), fresh: false, limit: 2 });
    await pass(500);
    expect(sink.seen).toEqual([...seqs(6, 7, 13, 14), 'SYNCED']);
    expect(sink.synced[0]?.truncated).toEqual([{ conversationId: ROOM, from: 2, to: 5 }, { conversationId: ROOM, from: 9, to: 12 }]);
  });

  test('[C1] an announcement of a room that nobody here has heard of asks who is in it', async () => {
    log.conversation(ROOM);
    const ben = await openFeed('ben');
    log.join(ROOM, 'ben');
    log.append(ROOM);
    gates.reached(log.conversation(ROOM), 2);
    await pass(500);
    expect(ben.sink.seen).toEqual(seqs(1, 2));
  });

  test('[G1] what waits at a gate is bounded in bytes too, and read from the log past that', async () => {
    gates = gatesOn(log, { counts, limits: { ...DELIVERY_LIMITS, waitingBytes: 40 } });
    log.join(ROOM, 'anna');
    const anna = await openFeed('anna');
    const entries = Array.from({ length: 50 }, () => log.append(ROOM));
    tell(...entries.slice(1));
    await pass(2_000);
    expect(anna.sink.seen).toEqual(seqs(...entries.map((entry) => entry.seq)));
  });

  test('one entry to 1,000 members here is one call for each, and one read of members in all', async () => {
    for (let i = 0; i < 1_000; i++) log.join(ROOM, `user${i}`);
    const feeds = Array.from({ length: 1_000 }, (_, i) => feedOf(`user${i}`, new Map([[ROOM, 1_000]])));
    for (const { feed } of feeds) feed.open(DEVICE);
    await pass(2_000);
    const reads = log.reads.length;
    tell(log.append(ROOM, 'user0'));
    expect(feeds.every(({ sink }) => sink.seen.length === 1)).toBe(true);
    expect(log.reads.length).toBe(reads);
    expect(memberReads()).toBe(2);
  });

  test('typing reaches the members here and nobody else', async () => {
    log.join(ROOM, 'anna');
    log.join(ROOM, 'ben');
    const [anna, ben, chloe] = [await openFeed('anna'), await openFeed('ben'), await openFeed('chloe')];
    gates.signal({ kind: 'typing', conversationId: ROOM, from: 'anna', version: 0, body: Buffer.from('{}') });
    expect([anna, ben, chloe].map(({ sink }) => sink.signals.length)).toEqual([0, 1, 0]);
  });
});
