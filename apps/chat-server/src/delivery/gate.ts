import type { Conversation, LogEntry } from '../conversations/log-entry.ts';
import type { LogReader } from '../conversations/log-reader.ts';
import type { DeliveryCounts } from './delivery-counts.ts';
import type { LocalUser } from './local-user.ts';

/** A missing entry may just be late: the log is read only after this. Saves reads, decides nothing. */
const LATE_MS = 50;

/** A read that failed for another reason than a store that is away is repeated after this. */
const RETRY_MS = 1_000;

/**
 * The order of one conversation on this server: entries come from several servers, and 5 may come before 4. Whatever
 * comes, people here get each entry once, by `seq`, without a gap ([G1]).
 */
export class Gate {
  readonly conversation: Conversation;
  readonly members = new Set<LocalUser>();
  readonly #log: LogReader;
  readonly #counts: DeliveryCounts;
  readonly #waitingLimit: number;
  #position: number;
  /** The furthest seq known to be in the log. */
  #target: number;
  #waiting: Map<number, LogEntry> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reading = false;

  constructor(conversation: Conversation, position: number, log: LogReader, counts: DeliveryCounts, waitingLimit: number) {
    this.conversation = { conversationId: conversation.conversationId, conversationNo: conversation.conversationNo };
    this.#position = position;
    this.#target = position;
    this.#log = log;
    this.#counts = counts;
    this.#waitingLimit = waitingLimit;
  }

  /** The last entry that passed. */
  get position(): number {
    return this.#position;
  }

  /** Nothing waits and nothing is being read: may be dropped when nobody is here any more ([G4]). */
  get idle(): boolean {
    return !this.#reading && this.#timer === undefined && this.#waiting === undefined;
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
    this.#waiting ??= new Map();
    if (this.#waiting.size < this.#waitingLimit) this.#waiting.set(entry.seq, entry);
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

  #pass(entry: LogEntry): void {
    this.#position = entry.seq;
    for (const member of this.members) member.onEntry(entry);
  }

  #passWaiting(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    for (let next = waiting.get(this.#position + 1); next !== undefined; next = waiting.get(this.#position + 1)) {
      waiting.delete(next.seq);
      this.#pass(next);
    }
    if (this.#position < this.#target) {
      if (waiting.size === 0) this.#waiting = undefined;
      return;
    }
    this.#waiting = undefined;
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
    if (this.#position >= this.#target) this.#waiting = undefined;
    else this.#timer ??= setTimeout(() => this.#fill(), RETRY_MS).unref();
  }

  /** False if the log had nothing. */
  async #readPage(): Promise<boolean> {
    const page = await this.#log.read(this.conversation, this.#position, this.#target);
    for (const entry of page) {
      // Entries of this page may have passed while it was being read.
      if (entry.seq === this.#position + 1) this.#pass(entry);
    }
    this.#dropPassed();
    if (page.length === 0) this.#forgetAnnounced();
    this.#passWaiting();
    return page.length > 0;
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
    for (const seq of this.#waiting?.keys() ?? []) {
      if (seq <= this.#position) this.#waiting?.delete(seq);
    }
  }
}
