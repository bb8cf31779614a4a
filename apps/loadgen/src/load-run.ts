import { HistoryChecker } from '@chat/history-checker';
import type { ChatEntry, ChatMessage, ErrorBody } from '@chat/protocol';
import { type Accounts, loadUserId } from './accounts/accounts.ts';
import { Arrivals } from './arrivals.ts';
import { intendedTimeOf } from './chat/chat-frames.ts';
import { ChatUser } from './chat/chat-user.ts';
import type { LoadWorld } from './chat/load-world.ts';
import { Latencies, type LatencyKind } from './figures/latencies.ts';
import type { LoadPart, PartResult, Progress } from './load-part.ts';
import type { Options } from './options/options.ts';
import { pickOne, seededRandom } from './random.ts';
import { SpacedTurns } from './spaced-turns.ts';
import { createScenario } from './scenarios/create-scenario.ts';
import type { Scenario } from './scenarios/scenario.ts';

const CONNECTING_AT_ONCE = 32;
/** Between two looks at the other tasks of this process where the plan is behind. */
const SENDS_IN_A_ROW = 500;
const DRAIN_POLL_MS = 50;
/** How long to look for a repeat after the last message has come. */
const SETTLE_MS = 500;
const ALIVE_EVERY_MS = 1_000;
const LEAVE_MS = 2_000;
/** Seconds of entries that the checker remembers. */
const REMEMBERED_SECONDS = 60;

/** Told each latency and the time at which its message should have been sent, both in milliseconds. */
export type LatencyObserver = (kind: LatencyKind, milliseconds: number, intended: number) => void;

/** One process's load: its users, what they send by the plan, and the judgement on what came of it. */
export class LoadRun implements LoadPart, LoadWorld {
  readonly accounts: Accounts;
  readonly history: HistoryChecker;
  readonly #options: Options;
  readonly #scenario: Scenario;
  readonly #random: () => number;
  readonly #onLatency: LatencyObserver;
  readonly #latencies = new Latencies();
  readonly #users = new Map<string, ChatUser>();
  readonly #refused: Record<string, number> = {};
  readonly #count = { planned: 0, sent: 0, resent: 0, acknowledged: 0, measured: 0, measuredDeliveries: 0, arrived: 0, echoes: 0, reconnects: 0 };
  #measureFrom = Infinity;
  #stopped = false;
  #aborted = false;

  constructor(options: Options, accounts: Accounts, onLatency: LatencyObserver = () => {}) {
    this.#onLatency = onLatency;
    this.#options = options;
    this.accounts = accounts;
    this.#random = seededRandom(options.seed);
    this.#scenario = createScenario(options, this.#random);
    this.history = new HistoryChecker({ rememberEntries: Math.min(Math.max(options.rate * REMEMBERED_SECONDS, 50_000), 1_000_000) });
  }

  async connect(): Promise<void> {
    const { users, urls, run, connectRate } = this.#options;
    for (let index = 0; index < users; index++) {
      const id = loadUserId(run, index);
      this.#users.set(id, new ChatUser(id, urls[index % urls.length] ?? '', this, this.#scenario.start));
    }
    await this.#scenario.setUp({ users: [...this.#users.keys()], accounts: this.accounts, history: this.history });
    const waiting = this.#users.values();
    const turns = new SpacedTurns(connectRate);
    const connectNext = async (): Promise<void> => {
      for (const user of waiting) {
        await turns.next();
        await user.arrive();
      }
    };
    await Promise.all(Array.from({ length: CONNECTING_AT_ONCE }, connectNext));
  }

  async load(): Promise<PartResult> {
    const users = [...this.#users.values()];
    this.#scenario.prepare(users);
    const usersOnServer = countBy(users, (user) => user.server);
    const watch = setInterval(() => users.forEach((user) => user.checkAlive(this.now())), ALIVE_EVERY_MS);
    const start = this.now();
    this.#measureFrom = start + this.#options.warmup;
    await this.#sendByPlan(start);
    const plannedMs = this.now() - start;
    const arrivedWhileSending = this.#count.arrived;
    await this.#drain();
    clearInterval(watch);
    return { usersOnServer, plannedMs, arrivedWhileSending, ...this.#result() };
  }

  async leave(): Promise<void> {
    const users = [...this.#users.values()];
    for (const user of users) user.leave();
    const until = this.now() + LEAVE_MS;
    while (users.some((user) => user.isConnected) && this.now() < until) await sleep(DRAIN_POLL_MS);
    for (const user of users) user.terminate();
  }

  stop(): void {
    this.#stopped = true;
  }

  abort(): void {
    this.#stopped = true;
    this.#aborted = true;
  }

  progress(): Progress {
    const { sent, acknowledged, arrived, reconnects } = this.#count;
    const live = this.#liveUsers();
    const wrong = Object.values(this.history.counts()).reduce((sum, count) => sum + count, 0);
    return { live, sent, acknowledged, arrived, reconnects, wrong, outstanding: this.#openSends() + this.history.outstanding() };
  }

  now(): number {
    return performance.now();
  }

  decode(body: Uint8Array): ChatMessage {
    // The checker judges what matters in it; a body that is no JSON ends the run with its own words.
    return JSON.parse(textOf(body)) as ChatMessage;
  }

  decodeRefusal(body: Uint8Array): ErrorBody {
    return JSON.parse(textOf(body)) as ErrorBody; // as above
  }

  anotherUrl(url: string): string {
    const others = this.#options.urls.filter((each) => each !== url);
    return others.length > 0 ? pickOne(others, Math.random) : url;
  }

  written(isRepeat: boolean): void {
    if (isRepeat) this.#count.resent++;
    else this.#count.sent++;
  }

  acknowledged(intended: number): void {
    this.#count.acknowledged++;
    if (intended < this.#measureFrom) return;
    this.#count.measured++;
    this.#record('receipt', intended);
  }

  refused({ code }: ErrorBody): void {
    this.#refused[code] = (this.#refused[code] ?? 0) + 1;
  }

  delivered(entry: ChatEntry, to: ChatUser): void {
    const isEcho = entry.from === to.id;
    if (isEcho) this.#count.echoes++;
    else this.#count.arrived++;
    const intended = intendedTimeOf(entry.message);
    if (!(intended >= this.#measureFrom)) return;
    this.#count.measuredDeliveries++;
    if (isEcho) return;
    const isSame = this.#users.get(entry.from)?.server === to.server;
    this.#record(isSame ? 'sameServer' : 'crossServer', intended);
  }

  reconnecting(): void {
    this.#count.reconnects++;
  }

  #record(kind: LatencyKind, intended: number): void {
    const milliseconds = this.now() - intended;
    this.#latencies.record(kind, milliseconds);
    this.#onLatency(kind, milliseconds, intended);
  }

  #sendByPlan(start: number): Promise<void> {
    const { arrivals: kind, rate, duration } = this.#options;
    const arrivals = new Arrivals(kind, rate, this.#random);
    return new Promise((resolve) => {
      const turn = (): void => {
        for (let sends = 0; arrivals.next <= Math.min(this.now() - start, duration); sends++) {
          if (this.#stopped) return resolve();
          if (sends === SENDS_IN_A_ROW) return void setImmediate(turn);
          this.#sendOne(start + arrivals.next);
          arrivals.advance();
        }
        if (arrivals.next > duration || this.#stopped) return resolve();
        setTimeout(turn, Math.max(1, Math.min(arrivals.next - (this.now() - start), 100)));
      };
      turn();
    });
  }

  #sendOne(intended: number): void {
    if (intended >= this.#measureFrom) this.#latencies.record('sendingLag', this.now() - intended);
    this.#count.planned++;
    this.#scenario.send(intended);
  }

  /** Until all that was acknowledged has arrived and all users are back, or nothing has moved for a long time. */
  async #drain(): Promise<void> {
    let movedAt = this.now();
    let before = '';
    while (!this.#aborted && this.now() - movedAt < this.#options.drain) {
      const live = this.#liveUsers();
      const open = this.#openSends();
      if (open === 0 && live === this.#users.size && this.history.outstanding() === 0) return await sleep(SETTLE_MS);
      const state = `${live} ${open} ${this.#count.arrived} ${this.#count.echoes}`;
      if (state !== before) movedAt = this.now();
      before = state;
      await sleep(DRAIN_POLL_MS);
    }
  }

  #result(): Omit<PartResult, 'usersOnServer' | 'plannedMs' | 'arrivedWhileSending'> {
    const { counts: verdicts, offences } = this.history.finish();
    const { planned, sent, resent, acknowledged, measured, measuredDeliveries, arrived, echoes, reconnects } = this.#count;
    const awayBecause = [...this.#users.values()].find((user) => !user.isLive)?.lastEnd ?? '';
    return {
      planned, sent, resent, acknowledged, measured, measuredDeliveries, arrived, echoes, reconnects, verdicts, offences, awayBecause,
      refused: this.#refused, away: this.#users.size - this.#liveUsers(), unfinished: this.#openSends(), latencies: this.#latencies.encode(),
    };
  }

  #liveUsers(): number {
    let live = 0;
    for (const user of this.#users.values()) if (user.isLive) live++;
    return live;
  }

  #openSends(): number {
    let open = 0;
    for (const user of this.#users.values()) open += user.openSends;
    return open;
  }
}

function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
}

function countBy<T>(items: readonly T[], name: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[name(item)] = (counts[name(item)] ?? 0) + 1;
  return counts;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
