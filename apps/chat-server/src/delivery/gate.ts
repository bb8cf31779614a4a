import type { Conversation, LogEntry } from '../conversations/log-entry.ts';
import type { LogReader } from '../conversations/log-reader.ts';
import type { DeliveryCounts } from './delivery-counts.ts';
import type { DeliveryLimits } from './delivery-limits.ts';
import type { LocalUser } from './local-user.ts';
import type { Signal } from './signal.ts';

/** A missing entry may just be late: the log is read only after this. Saves reads, decides nothing. */
const LATE_MS = 50;

/** A read that failed for another reason than a store that is away is repeated after this. */
const RETRY_MS = 1_000;

/** Sees what passes a gate without being addressed by it: a subscription to a room's topic. */
export interface GateWatcher {
  onEntry(entry: LogEntry): void;
  onSignal(signal: Signal): void;
}

/** Told of each change of membership, in its place among the entries ([G3]). */
export interface MembershipListener {
  /** Before the JOIN is handed to the members. */
  onJoin(gate: Gate, entry: LogEntry): void;
  /** After the LEAVE was handed to them, the one who left among them. */
  onLeave(gate: Gate, entry: LogEntry): void;
}

export type GateParts = {
  readonly conversation: Conversation;
  /** The last entry that counts as passed. */
  readonly position: number;
  /** How far the log reached in the read that this gate was made from. */
  readonly since: number;
  readonly log: LogReader;
  readonly counts: DeliveryCounts;
  readonly limits: DeliveryLimits;
  readonly memberships?: MembershipListener;
  readonly watchers?: Set<GateWatcher>;
};

type Arrival = { readonly seq: number; readonly resolve: () => void };

/**
 * The order of one conversation on this server: entries come from several servers, and 5 may come before 4. Whatever
 * comes, people here get each entry once, by `seq`, without a gap ([G1]).
 */
export class Gate {
  readonly conversation: Conversation;
  readonly since: number;
  readonly members = new Set<LocalUser>();
  readonly watchers: ReadonlySet<GateWatcher>;
  readonly #log: LogReader;
  readonly #counts: DeliveryCounts;
  readonly #limits: DeliveryLimits;
  readonly #memberships: MembershipListener | undefined;
  #position: number;
  /** The furthest seq known to be in the log. */
  #target: number;
  #waiting: Map<number, LogEntry> | undefined;
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #reading = false;
  #arrivals: Arrival[] = [];

  constructor({ conversation, position, since, log, counts, limits, memberships, watchers = new Set() }: GateParts) {
    this.conversation = { conversationId: conversation.conversationId, conversationNo: conversation.conversationNo };
    this.since = since;
    this.watchers = watchers;
    this.#position = position;
    this.#target = position;
    this.#log = log;
    this.#counts = counts;
    this.#limits = limits;
    this.#memberships = memberships;
  }

  /** The last entry that passed. */
  get position(): number {
    return this.#position;
  }

  /** Nothing waits and nothing is being read: may be dropped when nobody is here any more ([G4]). */
  get idle(): boolean {
    return !this.#reading && this.#timer === undefined && this.#waiting === undefined && this.#arrivals.length === 0;
  }

  accept(entry: LogEntry): void {
    if (entry.seq <= this.#position) {
      this.#counts.repeats++;
      return;
    }
    if (entry.seq === this.#position + 1) {
      this.#pass(entry);
      if (this.#waiting !== undefined) this.#passWaiting();
      return;
    }
    this.#keep(entry);
    this.#target = Math.max(this.#target, entry.seq);
    if (!this.#reading) this.#timer ??= setTimeout(() => this.#fill(), LATE_MS);
  }

  /** The log is known to reach this far: reads what is missing. Answers how many entries were. */
  reach(seq: number): number {
    if (seq <= this.#position) return 0;
    this.#target = Math.max(this.#target, seq);
    this.#fill();
    return seq - this.#position;
  }

  /** Resolves once that entry has passed. Others may have passed behind it by the time that the caller goes on. */
  passed(seq: number): Promise<void> {
    if (seq <= this.#position) return Promise.resolve();
    return new Promise((resolve) => this.#arrivals.push({ seq, resolve }));
  }

  /** Waits for an earlier one; past the bounds it is read from the log in its turn. */
  #keep(entry: LogEntry): void {
    this.#waiting ??= new Map();
    if (this.#waiting.has(entry.seq)) return;
    if (this.#waiting.size >= this.#limits.waiting || this.#waitingBytes >= this.#limits.waitingBytes) return;
    this.#waiting.set(entry.seq, entry);
    this.#waitingBytes += entry.body.length;
  }

  #forget(entry: LogEntry): void {
    if (this.#waiting?.delete(entry.seq) === true) this.#waitingBytes -= entry.body.length;
  }

  #stopWaiting(): void {
    this.#waiting = undefined;
    this.#waitingBytes = 0;
  }

  #pass(entry: LogEntry): void {
    this.#position = entry.seq;
    if (entry.type === 'JOIN') this.#memberships?.onJoin(this, entry);
    for (const member of this.members) member.onEntry(entry);
    for (const watcher of this.watchers) watcher.onEntry(entry);
    if (entry.type === 'LEAVE') this.#memberships?.onLeave(this, entry);
    if (this.#arrivals.length > 0) this.#announceArrival();
  }

  #announceArrival(): void {
    for (const { seq, resolve } of this.#arrivals) if (seq <= this.#position) resolve();
    this.#arrivals = this.#arrivals.filter(({ seq }) => seq > this.#position);
  }

  #passWaiting(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    for (let next = waiting.get(this.#position + 1); next !== undefined; next = waiting.get(this.#position + 1)) {
      this.#forget(next);
      this.#pass(next);
    }
    if (this.#position < this.#target) {
      if (waiting.size === 0) this.#stopWaiting();
      return;
    }
    this.#stopWaiting();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #fill(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#reading || this.#position >= this.#target) return;
    this.#reading = true;
    this.#counts.logReads++;
    void this.#readUpToTarget();
  }

  async #readUpToTarget(): Promise<void> {
    try {
      while (this.#position < this.#target && (await this.#readPage())) continue;
    } catch {
      // The reader has told what was wrong. Nothing is skipped: the same is asked for again below.
    }
    // In the same step as the last look at the target: an entry that comes from now on finds the gate at rest.
    this.#reading = false;
    if (this.#position >= this.#target) this.#stopWaiting();
    else this.#timer ??= setTimeout(() => this.#fill(), RETRY_MS).unref();
  }

  /** False if the log had nothing. */
  async #readPage(): Promise<boolean> {
    const after = this.#position;
    const page = await this.#log.read(this.conversation, after, this.#target);
    this.#skipForgotten(after, page[0]);
    for (const entry of page) {
      // Entries of this page may have passed while it was being read.
      if (entry.seq === this.#position + 1) this.#pass(entry);
    }
    this.#dropPassed();
    if (page.length === 0) this.#forgetAnnounced();
    this.#passWaiting();
    return page.length > 0;
  }

  /** Seqs are given without a hole, and only retention takes entries away: what is not there any more passes unseen. */
  #skipForgotten(after: number, first: LogEntry | undefined): void {
    if (first === undefined || first.seq === after + 1) return;
    this.#counts.forgotten += first.seq - after - 1;
    this.#position = Math.max(this.#position, first.seq - 1);
    this.#announceArrival();
  }

  /**
   * Somebody announced what the log does not have. Nothing is skipped by forgetting that: what waits here came while the
   * log was being read, and is asked for again.
   */
  #forgetAnnounced(): void {
    this.#counts.announcedTooFar++;
    this.#target = Math.max(this.#position, ...(this.#waiting?.keys() ?? []));
  }

  #dropPassed(): void {
    for (const entry of this.#waiting?.values() ?? []) {
      if (entry.seq <= this.#position) this.#forget(entry);
    }
  }
}
