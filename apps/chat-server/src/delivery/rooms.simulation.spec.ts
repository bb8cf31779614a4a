import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { newDeliveryCounts } from './delivery-counts.ts';
import { DELIVERY_LIMITS } from './delivery-limits.ts';
import { Feed, type FeedStart } from './feed.ts';
import { RecordingSink, TimedWindow, type Acknowledging } from './recording-sink.fixture.ts';
import { RoomFeed, type RoomFeedSink } from './room-feed.ts';
import { RoomReads } from './room-reads.ts';
import { ScriptedLog } from './scripted-log.fixture.ts';
import { mulberry32, SimulatedServers, type SimulatedServer } from './simulated-servers.fixture.ts';

// Rooms on three servers: people write, join, leave, are expelled and come back, connect and go on any server, sync, and
// look at rooms, while directory, bus and log are late. In every other run the bus loses nothing and there is no
// catch-up: then each entry has to find its way by itself. Each run is a seed, printed where it fails.
// SIMULATION_RUNS sets how many.

const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 300);
const USERS = ['anna', 'ben', 'chloe', 'dora', 'emil'];
const ROOMS = ['room:private1', 'room:private2', 'room:public11'];
const PUBLIC = 'room:public11';
const STEPS = 80;
const LIMITS = { ...DELIVERY_LIMITS, held: 8, waiting: 4, undecided: 3 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test(`[R2] [R3] [G2] [G3] [G4] [S3] [C1] ${RUNS} random runs with rooms lose, double, reorder and leak nothing`, async () => {
  const first = Number(process.env['SIMULATION_SEED'] ?? 1);
  for (let seed = first; seed < first + RUNS; seed++) {
    const run = new Run(seed);
    await run.play();
    expect(run.problems(), `seed ${seed}`).toEqual([]);
    await run.end();
    expect(run.gatesLeft, `gates left by seed ${seed}`).toBe(0);
  }
}, 3_600_000);

type Stream = { readonly start: Exclude<FeedStart, { kind: 'resume' }>; readonly from: ReadonlyMap<string, number>; readonly startsAt: number; readonly syncsBefore: number };
type Opened = { readonly userId: string; readonly feed: Feed; readonly sink: RecordingSink; readonly server: SimulatedServer; readonly streams: Stream[]; closed: boolean };

class TopicSink implements RoomFeedSink {
  readonly seen: number[] = [];
  readonly window: TimedWindow;
  state: 'opening' | 'live' | 'refused' | 'ended' | 'failed' = 'opening';

  constructor(acknowledging: Acknowledging | undefined) {
    this.window = new TimedWindow(acknowledging);
  }

  get room(): number {
    return this.window.room;
  }
  whenRoom(callback: () => void): void {
    this.window.whenRoom(callback);
  }
  onEntry(entry: { readonly seq: number }): void {
    this.window.onEntry();
    this.seen.push(entry.seq);
  }
  onSignal(): void {}
  onLive(): void {
    this.state = 'live';
  }
  onRefused(): void {
    this.state = 'refused';
  }
  onEnded(): void {
    this.state = 'ended';
  }
  drained(): Promise<void> {
    return Promise.resolve();
  }
  onFailed(): void {
    this.state = 'failed';
  }
}
type Topic = { readonly userId: string; readonly roomId: string; readonly after: number | undefined; readonly feed: RoomFeed; readonly sink: TopicSink; closed: boolean };

class Run {
  readonly #random: () => number;
  readonly #log = new ScriptedLog();
  readonly #counts = newDeliveryCounts();
  readonly #lossy: boolean;
  readonly #cluster: SimulatedServers;
  readonly #feeds: Opened[] = [];
  readonly #topics: Topic[] = [];

  constructor(seed: number) {
    this.#random = mulberry32(seed);
    this.#lossy = seed % 2 === 0;
    this.#log.delays = () => [this.#below(40), this.#below(this.#below(5) === 0 ? 400 : 40)];
    this.#log.failing = () => this.#below(40) === 0;
    this.#log.publicRooms.add(PUBLIC);
    const below = (limit: number): number => this.#below(limit);
    this.#cluster = new SimulatedServers({ log: this.#log, counts: this.#counts, limits: LIMITS, servers: 3, below, losesOneIn: this.#lossy ? 6 : 0 });
    for (const room of ROOMS) for (const user of USERS) if (this.#below(2) === 0) this.#log.join(room, user);
  }

  async play(): Promise<void> {
    for (let step = 0; step < STEPS; step++) {
      this.#act();
      const pause = this.#below(20) === 0 ? 5_000 : this.#below(4) === 0 ? 400 : 15;
      await vi.advanceTimersByTimeAsync(this.#below(pause));
    }
    this.#log.failing = () => false;
    await vi.advanceTimersByTimeAsync(8_000);
    if (this.#lossy) {
      const caughtUp = this.#cluster.catchUp();
      await vi.advanceTimersByTimeAsync(60_000);
      await caughtUp;
    }
    await vi.advanceTimersByTimeAsync(30_000);
  }

  async end(): Promise<void> {
    for (const opened of this.#feeds) this.#close(opened);
    for (const topic of this.#topics) topic.feed.close();
    await vi.advanceTimersByTimeAsync(30_000);
  }

  get gatesLeft(): number {
    return this.#cluster.servers.reduce((sum, { gates }) => sum + gates.size, 0);
  }

  problems(): string[] {
    const { announcedTooFar, holesAtGoLive } = this.#counts;
    const problems = this.#feeds.flatMap((opened) => opened.streams.flatMap((_, i) => this.#streamProblems(opened, i)));
    problems.push(...this.#topics.flatMap((topic) => this.#topicProblems(topic)));
    if (announcedTooFar > 0) problems.push(`${announcedTooFar} announced too far`);
    if (holesAtGoLive > 0) problems.push(`${holesAtGoLive} holes at go-live`);
    for (const { window } of [...this.#feeds, ...this.#topics].map(({ sink }) => sink)) {
      if (window.room < 0) problems.push(`${window.most} entries waited to be acknowledged`);
    }
    return problems;
  }

  /** The last stream of each open feed has to be whole, and none may have a hole, a repeat, or what is not the user's. */
  #streamProblems(opened: Opened, i: number): string[] {
    const stream = opened.streams[i];
    if (stream === undefined) return [];
    const last = i === opened.streams.length - 1;
    const seen = opened.sink.seen.slice(stream.startsAt, opened.streams[i + 1]?.startsAt ?? opened.sink.seen.length);
    const synced = seen.includes('SYNCED') ? opened.sink.synced[stream.syncsBefore] : undefined;
    const { start } = stream;
    const isKnown = start.kind === 'device' || synced !== undefined || (!start.fresh && start.limit === undefined);
    const problems: string[] = last && !opened.closed && !opened.feed.live ? [`${opened.userId} is not live`] : [];
    for (const room of ROOMS) {
      const got = seen.filter((item) => item.startsWith(`${room}/`)).map((item) => Number(item.slice(room.length + 1)));
      const own = this.#entriesOf(room, opened.userId);
      // A fresh stream begins where its first read found the log, and reads on from there.
      const fresh = Math.min(synced?.cursors[room] ?? 0, (got[0] ?? Infinity) - 1);
      const begin = start.kind === 'sync' && start.fresh ? fresh : (stream.from.get(room) ?? 0);
      const skipped = (synced?.truncated ?? []).filter((range) => range.conversationId === room);
      const owed = own.filter((seq) => seq > begin && !skipped.some(({ from, to }) => from <= seq && seq <= to));
      const who = `${opened.userId}, stream ${i} of ${room}: got ${got.join(' ')}`;
      const leaked = got.filter((seq) => !own.includes(seq));
      if (leaked.length > 0) problems.push(`${who}, of which ${leaked.join(' ')} leaked`);
      const due = last && !opened.closed && isKnown ? owed : isKnown ? owed.slice(0, got.length) : got.toSorted((a, b) => a - b);
      if (got.join(' ') !== due.join(' ')) problems.push(`${who} instead of ${due.join(' ')}`);
    }
    return problems;
  }

  #topicProblems({ userId, roomId, after, sink, closed }: Topic): string[] {
    const room = `room:${roomId}`;
    const who = `${userId} at the topic of ${room}: ${sink.state}, got ${sink.seen.join(' ')}`;
    const end = this.#log.lastSeq(room);
    const isPublic = room === PUBLIC;
    const problems: string[] = [];
    const [first] = sink.seen;
    if (first !== undefined) {
      const contiguous = sink.seen.every((seq, i) => seq === first + i);
      if (!contiguous || (after !== undefined && isPublic && first !== Math.min(after, first - 1) + 1)) problems.push(`${who}: not whole`);
      const own = this.#entriesOf(room, userId);
      if (!isPublic && sink.seen.some((seq) => !own.includes(seq))) problems.push(`${who}: leaked`);
    }
    if (sink.state === 'opening' && !closed) problems.push(`${who}: not live`);
    if (sink.state === 'ended' && sink.seen.length > 0) {
      const last = this.#log.of(room)[(sink.seen.at(-1) ?? 0) - 1];
      if (last?.type !== 'LEAVE' || last.from !== userId) problems.push(`${who}: the last is not the LEAVE`);
    }
    if (sink.state === 'live' && !closed) {
      if (!isPublic && !this.#log.isMember(room, userId)) problems.push(`${who}: still open`);
      if (sink.seen.length > 0 && sink.seen.at(-1) !== end) problems.push(`${who} of ${end}`);
    }
    return problems;
  }

  /** What is addressed to a user in a room: the entries of the memberships, from JOIN to LEAVE. */
  #entriesOf(room: string, userId: string): number[] {
    const own = this.#log.membershipsOf(room).filter((one) => one.userId === userId);
    const end = this.#log.lastSeq(room);
    return own.flatMap(({ joinedSeq, leftSeq }) => Array.from({ length: (leftSeq ?? end) - joinedSeq }, (_, i) => joinedSeq + 1 + i));
  }

  #act(): void {
    const dice = this.#below(24);
    if (dice < 9) this.#send();
    else if (dice < 13) this.#changeMembership();
    else if (dice < 16) this.#openFeed();
    else if (dice < 17) this.#resync();
    else if (dice < 19) this.#closeFeed();
    else if (dice < 21) this.#openTopic();
    else if (dice < 22) this.#closeTopic();
    else for (let i = 0; i < 4; i++) this.#send();
  }

  #send(): void {
    const [room, user] = [this.#pick(ROOMS), this.#pick(USERS)];
    if (this.#log.isMember(room, user)) this.#cluster.commit(this.#log.append(room, user), this.#pick(this.#cluster.servers));
  }

  /** Joins or leaves, or both in a row; on whichever server the one sits who does it. */
  #changeMembership(): void {
    const [room, user] = [this.#pick(ROOMS), this.#pick(USERS)];
    for (let i = this.#below(4) === 0 ? 2 : 1; i > 0; i--) {
      const entry = this.#log.isMember(room, user) ? this.#log.leave(room, user) : this.#log.join(room, user);
      this.#cluster.commit(entry, this.#pick(this.#cluster.servers));
    }
  }

  #openFeed(): void {
    const userId = this.#pick(USERS);
    const server = this.#pick(this.#cluster.servers);
    const { gates } = server;
    const cursors = this.#randomCursors();
    const user = gates.user(this.#log.numberOf(userId), userId);
    const sink = new RecordingSink(this.#acknowledging());
    const feed = new Feed(user, this.#log.source(userId, cursors), this.#log, gates, this.#counts, sink);
    const opened: Opened = { userId, feed, sink, server, streams: [], closed: false };
    sink.onFailed = () => this.#close(opened);
    user.feeds.add(feed);
    this.#feeds.push(opened);
    // Registered, then read.
    void server.addUser(userId).then(() => {
      if (!opened.closed && opened.streams.length === 0) this.#start(opened, { kind: 'device' }, cursors);
    });
  }

  #resync(): void {
    const opened = this.#pickOf(this.#feeds.filter((one) => !one.closed && one.streams.length > 0));
    if (opened === undefined) return;
    const cursors = this.#randomCursors();
    const limit = this.#below(3) === 0 ? 1 + this.#below(5) : undefined;
    this.#start(opened, { kind: 'sync', cursors, fresh: this.#below(5) === 0, limit }, cursors);
  }

  #start(opened: Opened, start: Stream['start'], from: ReadonlyMap<string, number>): void {
    opened.streams.push({ start, from, startsAt: opened.sink.seen.length, syncsBefore: opened.sink.synced.length });
    opened.feed.open(start);
  }

  #closeFeed(): void {
    const opened = this.#pickOf(this.#feeds.filter((one) => !one.closed));
    if (opened !== undefined) this.#close(opened);
  }

  #close(opened: Opened): void {
    if (opened.closed) return;
    const { gates } = opened.server;
    const user = gates.user(this.#log.numberOf(opened.userId), opened.userId);
    opened.feed.close();
    opened.closed = true;
    user.feeds.delete(opened.feed);
    gates.release(user);
  }

  #openTopic(): void {
    const [userId, room] = [this.#pick(USERS), this.#pick(ROOMS)];
    const after = this.#below(2) === 0 ? undefined : this.#below(this.#log.lastSeq(room) + 1);
    const { gates } = this.#pick(this.#cluster.servers);
    const reads = new RoomReads(this.#log, () => undefined);
    const sink = new TopicSink(this.#acknowledging());
    const reader = { userId, userNo: this.#log.numberOf(userId) };
    const roomId = room.slice('room:'.length);
    const feed = new RoomFeed({ gates, reads, log: this.#log, counts: this.#counts }, reader, roomId, sink);
    this.#topics.push({ userId, roomId, after, feed, sink, closed: false });
    feed.open(after);
  }

  #closeTopic(): void {
    const topic = this.#pickOf(this.#topics.filter((one) => !one.closed));
    if (topic === undefined) return;
    topic.closed = true;
    topic.feed.close();
  }

  /** Every third reader acknowledges, with little room and slowly. */
  #acknowledging(): Acknowledging | undefined {
    if (this.#below(3) > 0) return undefined;
    return { window: 1 + this.#below(4), after: () => this.#below(300) };
  }

  #randomCursors(): Map<string, number> {
    return new Map(ROOMS.map((room) => [room, this.#below(this.#log.lastSeq(room) + 1)] as const));
  }

  #pickOf<Item>(items: readonly Item[]): Item | undefined {
    return items[this.#below(items.length)];
  }

  #pick<Item>(items: readonly Item[]): Item {
    const item = this.#pickOf(items);
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}
