import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LogEntry } from '../conversations/log-entry.ts';
import { newDeliveryCounts } from './delivery-counts.ts';
import { DELIVERY_LIMITS } from './delivery-limits.ts';
import { Feed, type FeedStart } from './feed.ts';
import { RecordingSink, type Acknowledging } from './recording-sink.fixture.ts';
import { gatesOn, ScriptedLog } from './scripted-log.fixture.ts';

// One server under everything that can happen to it: entries that come late, twice, in any order or never; reads that
// are slow or fail; bounds so small that they are met all the time; feeds that wait, open, resync and close at any moment,
// and gates that are dropped meanwhile. Each run is a seed, printed where it fails.
// SIMULATION_RUNS sets how many.

const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 400);
const USERS = ['anna', 'ben', 'chloe', 'dora'];
const STEPS = 60;
const LIMITS = { ...DELIVERY_LIMITS, held: 6, waiting: 4, undecided: 3 };

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
    await run.end();
    expect(run.gatesLeft, `gates left by seed ${seed}`).toBe(0);
  }
}, 600_000);

type Opened = { readonly userId: string; readonly feed: Feed; readonly sink: RecordingSink; streams: Stream[]; closed: boolean };
/** What a feed owes from one opening to the next: everything after the cursors, as far as the start asks for it. */
type Stream = { readonly start: FeedStart; readonly from: ReadonlyMap<string, number>; readonly startsAt: number; readonly syncsBefore: number };

class Run {
  readonly #random: () => number;
  readonly #log = new ScriptedLog();
  readonly #counts = newDeliveryCounts();
  readonly #gates = gatesOn(this.#log, { counts: this.#counts, limits: LIMITS });
  readonly #feeds: Opened[] = [];

  constructor(seed: number) {
    this.#random = mulberry32(seed);
    this.#log.delays = () => [this.#below(60), this.#below(120)];
    this.#log.failing = () => this.#below(25) === 0;
  }

  async play(): Promise<void> {
    for (let step = 0; step < STEPS; step++) {
      this.#act();
      const pause = this.#below(25) === 0 ? 2_500 : this.#below(4) === 0 ? 400 : 15;
      await vi.advanceTimersByTimeAsync(this.#below(pause));
    }
    this.#log.failing = () => false;
    await vi.advanceTimersByTimeAsync(3_000);
    this.#catchUp();
    await vi.advanceTimersByTimeAsync(30_000);
  }

  /** After everybody has gone nothing is left. */
  async end(): Promise<void> {
    for (const opened of this.#feeds) this.#close(opened);
    await vi.advanceTimersByTimeAsync(10_000);
  }

  get gatesLeft(): number {
    return this.#gates.size;
  }

  /** The last stream of each feed that is still open has to be whole, and no stream may have a hole or a repeat. */
  problems(): string[] {
    const { announcedTooFar, holesAtGoLive } = this.#counts;
    const streams = this.#feeds.flatMap((opened) =>
      opened.streams.flatMap((stream, i) => {
        const end = opened.streams[i + 1]?.startsAt ?? opened.sink.seen.length;
        return this.#streamProblems(opened, stream, opened.sink.seen.slice(stream.startsAt, end), i === opened.streams.length - 1);
      }),
    );
    if (announcedTooFar > 0) streams.push(`${announcedTooFar} announced too far`);
    if (holesAtGoLive > 0) streams.push(`${holesAtGoLive} holes at go-live`);
    return streams;
  }

  #streamProblems(opened: Opened, stream: Stream, seen: readonly string[], last: boolean): string[] {
    const problems: string[] = [];
    const synced = seen.includes('SYNCED') ? opened.sink.synced[stream.syncsBefore] : undefined;
    const reached = startOf(stream, synced);
    for (const item of seen) {
      if (item === 'SYNCED') {
        for (const [id, seq] of Object.entries(synced?.cursors ?? {})) {
          if (isFresh(stream) && !reached.has(id)) reached.set(id, seq);
          if ((reached.get(id) ?? 0) !== seq) problems.push(`${opened.userId} has ${reached.get(id) ?? 0} of ${id} and SYNCED says ${seq}`);
        }
        continue;
      }
      const slash = item.lastIndexOf('/');
      const [conversationId, seq] = [item.slice(0, slash), Number(item.slice(slash + 1))];
      const expected = (reached.get(conversationId) ?? 0) + 1;
      // A fresh stream begins where its first read found the log; of a limited one that was replaced nobody knows where.
      const isLimited = stream.start.kind === 'sync' && stream.start.limit !== undefined && synced === undefined;
      const isKnown = reached.has(conversationId) || !(isFresh(stream) || isLimited);
      if (seq !== expected && isKnown) problems.push(`${opened.userId} got ${item} instead of ${expected}`);
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
    const sink = new RecordingSink(this.#acknowledging());
    const feed = new Feed(user, this.#log.source(userId, cursors), this.#log, this.#gates, this.#counts, sink);
    const opened: Opened = { userId, feed, sink, streams: [], closed: false };
    // As a session does: what cannot be read ends it.
    sink.onFailed = () => this.#close(opened);
    user.feeds.add(feed);
    this.#feeds.push(opened);
    const start = (): void => {
      if (!opened.closed && opened.streams.length === 0) this.#start(opened, { kind: 'device' }, cursors);
    };
    // Some wait for a sync first.
    if (this.#below(3) > 0) start();
    else setTimeout(start, this.#below(3_000));
  }

  #resync(): void {
    const opened = this.#pickOpen();
    if (opened === undefined) return;
    const cursors = this.#randomCursors(opened.userId);
    const limit = this.#below(3) === 0 ? 1 + this.#below(5) : undefined;
    this.#start(opened, { kind: 'sync', cursors, fresh: this.#below(5) === 0, limit }, cursors);
  }

  #start(opened: Opened, start: FeedStart, from: ReadonlyMap<string, number>): void {
    opened.streams.push({ start, from, startsAt: opened.sink.seen.length, syncsBefore: opened.sink.synced.length });
    opened.feed.open(start);
  }

  #closeFeed(): void {
    const opened = this.#pickOpen();
    if (opened !== undefined) this.#close(opened);
  }

  #close(opened: Opened): void {
    if (opened.closed) return;
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

  /** Every third reader acknowledges, with little room and slowly. */
  #acknowledging(): Acknowledging | undefined {
    if (this.#below(3) > 0) return undefined;
    return { window: 1 + this.#below(4), after: () => this.#below(300) };
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}

/** Where a stream begins: at its cursors, or behind what its SYNCED says that it leaves out; as far as that is known. */
function startOf(stream: Stream, synced: RecordingSink['synced'][number] | undefined): Map<string, number> {
  const { start, from } = stream;
  if (isFresh(stream)) return new Map();
  if (start.kind === 'sync' && start.limit !== undefined && synced === undefined) return new Map();
  return new Map([...from, ...(synced?.truncated ?? []).map(({ conversationId, to }) => [conversationId, to] as const)]);
}

function isFresh({ start }: Stream): boolean {
  return start.kind === 'sync' && start.fresh;
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
