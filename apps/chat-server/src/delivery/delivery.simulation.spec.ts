import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LogEntry } from '../conversations/log-entry.ts';
import { newDeliveryCounts } from './delivery-counts.ts';
import { Feed, type FeedStart } from './feed.ts';
import { Gates } from './gates.ts';
import { RecordingSink } from './recording-sink.fixture.ts';
import { ScriptedLog } from './scripted-log.fixture.ts';

// One server under everything that can happen to it: entries that come late, twice, in any order or never; reads that
// are slow; feeds that open, resync and close at any moment. Each run is a seed, printed where it fails.
// SIMULATION_RUNS sets how many.

const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 400);
const USERS = ['anna', 'ben', 'chloe', 'dora'];
const STEPS = 60;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test(`[G1] [G2] [S1] [C1] ${RUNS} random runs lose, double and reorder nothing`, async () => {
  const first = Number(process.env['SIMULATION_SEED'] ?? 1);
  for (let seed = first; seed < first + RUNS; seed++) {
    const run = new Run(seed);
    await run.play();
    expect(run.problems(), `seed ${seed}`).toEqual([]);
  }
}, 600_000);

type Opened = { readonly userId: string; readonly feed: Feed; readonly sink: RecordingSink; streams: Stream[]; closed: boolean };
/** What a feed owes from one opening to the next: everything after these cursors. */
type Stream = { readonly from: ReadonlyMap<string, number>; readonly startsAt: number };

class Run {
  readonly #random: () => number;
  readonly #log = new ScriptedLog();
  readonly #counts = newDeliveryCounts();
  readonly #gates = new Gates(this.#log, this.#counts);
  readonly #feeds: Opened[] = [];

  constructor(seed: number) {
    this.#random = mulberry32(seed);
    this.#log.delays = () => [this.#below(60), this.#below(120)];
  }

  async play(): Promise<void> {
    for (let step = 0; step < STEPS; step++) {
      this.#act();
      await vi.advanceTimersByTimeAsync(this.#below(4) === 0 ? this.#below(400) : this.#below(15));
    }
    await vi.advanceTimersByTimeAsync(3_000);
    this.#catchUp();
    await vi.advanceTimersByTimeAsync(30_000);
  }

  /** The last stream of each feed that is still open has to be whole, and no stream may have a hole or a repeat. */
  problems(): string[] {
    return this.#feeds.flatMap((opened) =>
      opened.streams.flatMap((stream, i) => {
        const end = opened.streams[i + 1]?.startsAt ?? opened.sink.seen.length;
        return this.#streamProblems(opened, stream, opened.sink.seen.slice(stream.startsAt, end), i === opened.streams.length - 1);
      }),
    );
  }

  #streamProblems(opened: Opened, stream: Stream, seen: readonly string[], last: boolean): string[] {
    const problems: string[] = [];
    const reached = new Map(stream.from);
    for (const item of seen) {
      if (item === 'SYNCED') continue;
      const slash = item.lastIndexOf('/');
      const [conversationId, seq] = [item.slice(0, slash), Number(item.slice(slash + 1))];
      const expected = (reached.get(conversationId) ?? 0) + 1;
      if (seq !== expected) problems.push(`${opened.userId} got ${item} instead of ${expected}`);
      reached.set(conversationId, seq);
    }
    if (!last || opened.closed) return problems;
    if (!opened.feed.live) problems.push(`${opened.userId} is not live`);
    for (const conversationId of this.#conversationsOf(opened.userId)) {
      const end = this.#log.lastSeq(conversationId);
      if ((reached.get(conversationId) ?? 0) !== end) problems.push(`${opened.userId} has ${reached.get(conversationId) ?? 0} of ${end} in ${conversationId}`);
    }
    return problems;
  }

  #act(): void {
    const dice = this.#below(20);
    if (dice < 10) this.#send();
    else if (dice < 13) this.#openFeed();
    else if (dice < 15) this.#resync();
    else if (dice < 17) this.#closeFeed();
    else if (dice < 18) this.#catchUp();
    else for (let i = 0; i < 5; i++) this.#send();
  }

  /** An entry is committed; its news comes at once, late, twice, or never. */
  #send(): void {
    const [a, b] = [this.#pick(USERS), this.#pick(USERS)].sort();
    const entry = this.#log.append(`direct:${a}:${b}`, a);
    const times = this.#below(10) === 0 ? 0 : this.#below(6) === 0 ? 2 : 1;
    for (let i = 0; i < times; i++) this.#deliver(entry, this.#below(3) === 0 ? this.#below(500) : 0);
  }

  #deliver(entry: LogEntry, afterMs: number): void {
    if (afterMs === 0) this.#gates.accept(entry);
    else setTimeout(() => this.#gates.accept(entry), afterMs);
  }

  #openFeed(): void {
    const userId = this.#pick(USERS);
    const cursors = this.#randomCursors(userId);
    const user = this.#gates.user(USERS.indexOf(userId), userId);
    const sink = new RecordingSink();
    const feed = new Feed(user, this.#log.source(userId, cursors), this.#log, this.#gates, this.#counts, sink);
    user.feeds.add(feed);
    this.#feeds.push({ userId, feed, sink, streams: [{ from: cursors, startsAt: 0 }], closed: false });
    feed.open({ kind: 'device' });
  }

  #resync(): void {
    const opened = this.#pickOpen();
    if (opened === undefined) return;
    const cursors = this.#randomCursors(opened.userId);
    const start: FeedStart = { kind: 'sync', cursors, fresh: false, limit: undefined };
    opened.streams.push({ from: cursors, startsAt: opened.sink.seen.length });
    opened.feed.open(start);
  }

  #closeFeed(): void {
    const opened = this.#pickOpen();
    if (opened === undefined) return;
    const user = this.#gates.user(USERS.indexOf(opened.userId), opened.userId);
    opened.feed.close();
    opened.closed = true;
    user.feeds.delete(opened.feed);
    this.#gates.release(user);
  }

  #catchUp(): void {
    for (const user of this.#gates.users()) {
      for (const conversationId of this.#conversationsOf(user.userId)) {
        this.#gates.reached(this.#log.conversation(conversationId), this.#log.lastSeq(conversationId));
      }
    }
  }

  #randomCursors(userId: string): Map<string, number> {
    const cursors = this.#conversationsOf(userId).map((id) => [id, this.#below(this.#log.lastSeq(id) + 1)] as const);
    return new Map(cursors);
  }

  #conversationsOf(userId: string): string[] {
    return [...this.#log.entries.keys()].filter((id) => id.startsWith(`direct:${userId}:`) || id.endsWith(`:${userId}`));
  }

  #pickOpen(): Opened | undefined {
    const open = this.#feeds.filter((opened) => !opened.closed);
    return open.length === 0 ? undefined : this.#pick(open);
  }

  #pick<Item>(items: readonly Item[]): Item {
    const item = items[this.#below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}

/** A small seeded generator: the same seed plays the same run. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
