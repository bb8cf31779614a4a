import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { newDeliveryCounts, type DeliveryCounts } from './delivery-counts.ts';
import { DELIVERY_LIMITS } from './delivery-limits.ts';
import { Feed, type FeedStart } from './feed.ts';
import type { Gates } from './gates.ts';
import { RecordingSink } from './recording-sink.fixture.ts';
import { gatesOn, ScriptedLog } from './scripted-log.fixture.ts';

const AB = 'direct:anna:ben';
const AC = 'direct:anna:chloe';
const DEVICE: FeedStart = { kind: 'device' };

describe('gates and feeds', () => {
  let log: ScriptedLog;
  let counts: DeliveryCounts;
  let gates: Gates;

  beforeEach(() => {
    vi.useFakeTimers();
    log = new ScriptedLog();
    counts = newDeliveryCounts();
    gates = gatesOn(log, { counts });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function feedOf(userId: string, cursors?: ReadonlyMap<string, number>): { feed: Feed; sink: RecordingSink; close: () => void } {
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

  async function openFeed(userId: string, cursors?: ReadonlyMap<string, number>) {
    const opened = feedOf(userId, cursors);
    opened.feed.open(DEVICE);
    await vi.advanceTimersByTimeAsync(100);
    expect(opened.feed.live).toBe(true);
    return opened;
  }

  test('[G1] what retention took before it passed here passes unseen; the rest comes in order', async () => {
    log.conversation(AB);
    const { sink } = await openFeed('ben');
    for (let i = 0; i < 4; i++) log.append(AB);
    log.keptFrom.set(AB, 3);
    gates.accept(log.append(AB));
    await vi.advanceTimersByTimeAsync(200);
    expect(sink.seen).toEqual([`${AB}/3`, `${AB}/4`, `${AB}/5`]);
    expect(counts.forgotten).toBe(2);
    gates.accept(log.append(AB));
    expect(sink.seen.at(-1)).toBe(`${AB}/6`);
  });

  test('[G1] what comes in order passes at once, a repeat is dropped', async () => {
    log.conversation(AB);
    const { sink } = await openFeed('ben');
    const one = log.append(AB);
    gates.accept(one);
    gates.accept(one);
    gates.accept(log.append(AB));
    expect(sink.seen).toEqual([`${AB}/1`, `${AB}/2`]);
    expect(counts.repeats).toBe(1);
    expect(log.reads).toEqual([]);
  });

  test('[G1] a later entry waits for the earlier one; coming within 50 ms it costs no read', async () => {
    log.conversation(AB);
    const { sink } = await openFeed('ben');
    const [one, two, three] = [log.append(AB), log.append(AB), log.append(AB)];
    gates.accept(three);
    gates.accept(two);
    await vi.advanceTimersByTimeAsync(40);
    expect(sink.seen).toEqual([]);
    gates.accept(one);
    expect(sink.seen).toEqual([`${AB}/1`, `${AB}/2`, `${AB}/3`]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(log.reads).toEqual([]);
  });

  test('[G1] an entry that does not come is read from the log, and nothing is skipped', async () => {
    log.conversation(AB);
    const { sink } = await openFeed('ben');
    for (let i = 0; i < 20; i++) log.append(AB);
    gates.accept(log.append(AB));
    await vi.advanceTimersByTimeAsync(500);
    expect(sink.seen).toEqual(Array.from({ length: 21 }, (_, i) => `${AB}/${i + 1}`));
    expect(counts.logReads).toBe(1);
  });

  test('[G1] live entries that pass during a read are not handed over again by it', async () => {
    log.conversation(AB);
    const { sink } = await openFeed('ben');
    log.delays = () => [10, 200];
    const [one, two, three] = [log.append(AB), log.append(AB), log.append(AB)];
    gates.accept(three);
    await vi.advanceTimersByTimeAsync(100);
    gates.accept(one);
    gates.accept(two);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sink.seen).toEqual([`${AB}/1`, `${AB}/2`, `${AB}/3`]);
  });

  test('[G2] a conversation that nobody here knew starts at its beginning, not at the entry that came', async () => {
    const { sink } = await openFeed('ben');
    log.append(AB);
    gates.accept(log.append(AB));
    await vi.advanceTimersByTimeAsync(500);
    expect(sink.seen).toEqual([`${AB}/1`, `${AB}/2`]);
  });

  test('[G2] an entry for people who are not here makes no gate', () => {
    gates.accept(log.append('direct:dora:emil'));
    expect(gates.size).toBe(0);
  });

  test('[G2] a second device that already read the first entry does not make the first device miss it', async () => {
    const first = await openFeed('ben');
    log.append(AB); // committed elsewhere, its news still on the way
    const second = await openFeed('ben');
    await vi.advanceTimersByTimeAsync(500);
    expect(first.sink.seen).toEqual([`${AB}/1`]);
    expect(second.sink.seen).toEqual([`${AB}/1`]);
    gates.accept(log.append(AB));
    expect(first.sink.seen).toEqual([`${AB}/1`, `${AB}/2`]);
    expect(second.sink.seen).toEqual([`${AB}/1`, `${AB}/2`]);
  });

  test('[G2] what comes while the only feed still reads its conversations waits for that', async () => {
    for (let i = 0; i < 50; i++) log.append(AB);
    log.delays = () => [100, 100];
    const { feed, sink } = feedOf('ben', new Map([[AB, 50]]));
    feed.open(DEVICE);
    await vi.advanceTimersByTimeAsync(150);
    gates.accept(log.append(AB));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(sink.seen).toEqual([`${AB}/51`]);
    expect(log.reads.every((read) => read.startsWith(`${AB} 50-`))).toBe(true);
  });

  test('[G1] a read that fails is repeated, and the process lives', async () => {
    log.conversation(AB);
    const { sink } = await openFeed('ben');
    let failures = 2;
    log.failing = () => failures-- > 0;
    log.append(AB);
    gates.accept(log.append(AB));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sink.seen).toEqual([`${AB}/1`, `${AB}/2`]);
    expect(log.reads).toHaveLength(3);
  });

  test('[G1] what came during a read that found nothing is not forgotten with the announcement', async () => {
    log.append(AB);
    const { sink } = await openFeed('ben', new Map([[AB, 1]]));
    log.delays = () => [1, 100];
    gates.reached(log.conversation(AB), 9);
    await vi.advanceTimersByTimeAsync(10);
    log.append(AB); // its news is lost
    gates.accept(log.append(AB));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(sink.seen).toEqual([`${AB}/2`, `${AB}/3`]);
  });

  test('[G2] a feed that has not begun needs no gate: nothing is read for it before', async () => {
    for (let i = 0; i < 50; i++) log.append(AB);
    const { feed, sink } = feedOf('ben', new Map([[AB, 50]]));
    gates.accept(log.append(AB));
    await vi.advanceTimersByTimeAsync(1_000);
    expect([gates.size, log.reads]).toEqual([0, []]);
    feed.open(DEVICE);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sink.seen).toEqual([`${AB}/51`]);
  });

  test('[G2] more than the bound of an undecided conversation: the furthest is remembered', async () => {
    gates = gatesOn(log, { counts, limits: { ...DELIVERY_LIMITS, undecided: 2 } });
    log.delays = () => [1, 100];
    const { sink, feed } = feedOf('ben');
    feed.open(DEVICE);
    await vi.advanceTimersByTimeAsync(10);
    const [one, two, three, four] = [log.append(AB), log.append(AB), log.append(AB), log.append(AB)];
    for (const entry of [three, four, one, two]) gates.accept(entry);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(sink.seen).toEqual([1, 2, 3, 4].map((seq) => `${AB}/${seq}`));
  });

  test('[G4] a gate lives 2 s longer than its last feed, and not for ever', async () => {
    log.append(AB);
    const { close } = await openFeed('ben');
    close();
    await vi.advanceTimersByTimeAsync(1_900);
    expect(gates.size).toBe(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(gates.size).toBe(0);
  });

  test('[G4] a feed that comes back within 2 s finds its gate in place', async () => {
    log.append(AB);
    const { close } = await openFeed('ben');
    close();
    await vi.advanceTimersByTimeAsync(1_000);
    const { sink } = await openFeed('ben', new Map([[AB, 1]]));
    await vi.advanceTimersByTimeAsync(3_000);
    gates.accept(log.append(AB));
    expect(sink.seen).toEqual([`${AB}/2`]);
  });

  test('[S1] what comes between the read and its answer is held, then let through once, by seq', async () => {
    for (let i = 0; i < 3; i++) log.append(AB);
    log.delays = () => [10, 100];
    const { feed, sink } = feedOf('ben', new Map([[AB, 1]]));
    feed.open(DEVICE);
    await vi.advanceTimersByTimeAsync(5);
    gates.accept(log.append(AB)); // seen by the read as well
    await vi.advanceTimersByTimeAsync(50);
    gates.accept(log.append(AB)); // not seen by the read
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sink.seen).toEqual([`${AB}/2`, `${AB}/3`, `${AB}/4`, `${AB}/5`]);
    expect(feed.live).toBe(true);
  });

  test('[S1] of a conversation that comes to be while a feed opens nothing is missed', async () => {
    log.delays = () => [10, 100];
    const { feed, sink } = feedOf('ben');
    feed.open(DEVICE);
    await vi.advanceTimersByTimeAsync(50);
    gates.accept(log.append(AC, 'chloe')); // not ben's
    gates.accept(log.append(AB));
    gates.accept(log.append(AB));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sink.seen).toEqual([`${AB}/1`, `${AB}/2`]);
  });

  test('[S1] a feed that is behind a gate made by a faster one reads on', async () => {
    log.append(AB);
    log.delays = () => [1, 500];
    const slow = feedOf('ben');
    slow.feed.open(DEVICE); // reads that the log ends at 1
    await vi.advanceTimersByTimeAsync(10);
    log.append(AB); // committed elsewhere; its news was lost
    log.delays = () => [1, 1];
    const fast = feedOf('anna');
    fast.feed.open(DEVICE); // reads 2, and makes the gate there
    await vi.advanceTimersByTimeAsync(2_000);
    expect(fast.sink.seen).toEqual([`${AB}/1`, `${AB}/2`]);
    expect(slow.sink.seen).toEqual([`${AB}/1`, `${AB}/2`]);
  });

  test('[S1] more held than the bound: dropped, and read from the log', async () => {
    log.append(AB);
    await openFeed('ben');
    log.delays = () => [1, 400];
    const { feed, sink } = feedOf('ben', new Map([[AB, 1]]));
    feed.open(DEVICE);
    await vi.advanceTimersByTimeAsync(10);
    log.delays = () => [1, 1];
    for (let i = 0; i < 6_000; i++) gates.accept(log.append(AB));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(sink.seen).toEqual(Array.from({ length: 6_000 }, (_, i) => `${AB}/${i + 2}`));
    expect(counts.heldOverflows).toBe(1);
    expect(feed.live).toBe(true);
  });

  test('[S1] chat.sync starts from the client’s cursors, ends with SYNCED, and a limit says what it leaves out', async () => {
    for (let i = 0; i < 10; i++) log.append(AB);
    for (let i = 0; i < 3; i++) log.append(AC);
    const { feed, sink } = feedOf('anna');
    feed.open({ kind: 'sync', cursors: new Map([[AC, 2]]), fresh: false, limit: 4 });
    await vi.advanceTimersByTimeAsync(500);
    expect(sink.seen).toEqual([`${AB}/7`, `${AB}/8`, `${AB}/9`, `${AB}/10`, `${AC}/3`, 'SYNCED']);
    expect(sink.synced).toEqual([{ cursors: { [AB]: 10, [AC]: 3 }, truncated: [{ conversationId: AB, from: 1, to: 6 }] }]);
  });

  test('[S1] a fresh device gets only SYNCED, then what is new', async () => {
    for (let i = 0; i < 10; i++) log.append(AB);
    const { feed, sink } = feedOf('anna');
    feed.open({ kind: 'sync', cursors: new Map(), fresh: true, limit: undefined });
    await vi.advanceTimersByTimeAsync(500);
    gates.accept(log.append(AB));
    expect(sink.seen).toEqual(['SYNCED', `${AB}/11`]);
  });

  test('[S1] a cursor past the end of the log counts as the end', async () => {
    log.append(AB);
    const { feed, sink } = feedOf('anna');
    feed.open({ kind: 'sync', cursors: new Map([[AB, 999]]), fresh: false, limit: undefined });
    await vi.advanceTimersByTimeAsync(500);
    gates.accept(log.append(AB));
    expect(sink.seen).toEqual(['SYNCED', `${AB}/2`]);
  });

  test('[S1] however often a client syncs, one read is under way, and the last sync is answered', async () => {
    log.append(AB);
    const { feed, sink } = await openFeed('ben');
    let positions = 0;
    log.delays = () => {
      positions++;
      return [50, 50];
    };
    for (let i = 0; i < 500; i++) feed.open({ kind: 'sync', cursors: new Map([[AB, i === 499 ? 0 : 1]]), fresh: false, limit: undefined });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sink.seen).toEqual([`${AB}/1`, `${AB}/1`, 'SYNCED']);
    expect(positions).toBeLessThanOrEqual(3);
  });

  test('[S1] who comes back to a gate that went on without them is no defect, and misses nothing', async () => {
    log.append(AB);
    const ben = await openFeed('ben');
    ben.close();
    await openFeed('anna');
    await vi.advanceTimersByTimeAsync(2_500);
    log.delays = () => [1, 100];
    const { feed, sink } = feedOf('ben');
    feed.open(DEVICE);
    await vi.advanceTimersByTimeAsync(50);
    gates.accept(log.append(AB)); // passes while ben has no place at the gate yet
    await vi.advanceTimersByTimeAsync(60);
    gates.accept(log.append(AB)); // held, while the first is read
    await vi.advanceTimersByTimeAsync(2_000);
    expect(sink.seen).toEqual([`${AB}/1`, `${AB}/2`, `${AB}/3`]);
    expect(counts.holesAtGoLive).toBe(0);
  });

  test('[S4] a cursor that moves while a feed reads its conversations is not lost', async () => {
    log.append(AB);
    await openFeed('anna');
    log.delays = () => [1, 100];
    const { feed, sink } = feedOf('ben', new Map([[AB, 1]]));
    feed.open(DEVICE);
    await vi.advanceTimersByTimeAsync(50);
    gates.signal({ kind: 'read', conversationId: AB, from: 'anna', version: 7, body: Buffer.from('{}') });
    await vi.advanceTimersByTimeAsync(500);
    expect(sink.signals.map((signal) => signal.version)).toEqual([7]);
  });

  test('[S4] going live brings the cursors of others where they are newer than what the device has', async () => {
    log.append(AB);
    log.append(AC);
    log.versions = new Map([[AB, [5, 5]], [AC, [6, 2]]]);
    const { sink } = await openFeed('anna');
    expect(sink.signals.map((signal) => signal.conversationId)).toEqual([AC]);
  });

  test('[C1] an announcement reads what is missing, also of a conversation that nobody here knew', async () => {
    const { sink } = await openFeed('ben');
    log.append(AB);
    log.append(AB);
    gates.reached(log.conversation(AB), 2);
    await vi.advanceTimersByTimeAsync(500);
    expect(sink.seen).toEqual([`${AB}/1`, `${AB}/2`]);
    gates.reached(log.conversation(AB), 2);
    await vi.advanceTimersByTimeAsync(500);
    expect(sink.seen).toHaveLength(2);
  });

  test('[C1] an announcement of what the log does not have is counted and skips nothing', async () => {
    log.append(AB);
    const { sink } = await openFeed('ben', new Map([[AB, 1]]));
    gates.reached(log.conversation(AB), 5);
    await vi.advanceTimersByTimeAsync(500);
    expect(counts.announcedTooFar).toBe(1);
    gates.accept(log.append(AB));
    expect(sink.seen).toEqual([`${AB}/2`]);
  });

  test('typing reaches the others only, read also the reader’s other sessions', async () => {
    log.append(AB);
    const anna = await openFeed('anna');
    const ben = await openFeed('ben');
    const body = Buffer.from('{}');
    gates.signal({ kind: 'typing', conversationId: AB, from: 'anna', version: 0, body });
    gates.signal({ kind: 'read', conversationId: AB, from: 'anna', version: 1, body });
    gates.signal({ kind: 'delivered', conversationId: AB, from: 'anna', version: 2, body });
    expect(anna.sink.signals.map((signal) => signal.kind)).toEqual(['read']);
    expect(ben.sink.signals.map((signal) => signal.kind)).toEqual(['typing', 'read', 'delivered']);
  });
});
