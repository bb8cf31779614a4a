import type { Conversation, LogEntry } from '../conversations/log-entry.ts';
import type { LogReader } from '../conversations/log-reader.ts';
import type { ConversationPosition } from '../conversations/message-store.port.ts';
import type { DeliveryCounts } from './delivery-counts.ts';
import type { Gates } from './gates.ts';
import type { LocalUser } from './local-user.ts';
import type { Signal } from './signal.ts';

/** Where a feed's entries go: a subscription to `/user/queue/messages`. */
export interface FeedSink {
  onEntry(entry: LogEntry): void;
  onSignal(signal: Signal): void;
  /** All that was missed has been handed over; `cursors` say where each conversation stands. */
  onSynced(cursors: Record<string, number>, truncated: readonly TruncatedRange[]): void;
  /** From now on everything comes as it happens. */
  onLive(): void;
  /** Resolves when what was handed over has mostly left; at once if little waits. */
  drained(): Promise<void>;
  /** The feed cannot go on (the store refused in a way that waiting does not mend). */
  onFailed(error: unknown): void;
}

export type TruncatedRange = { readonly conversationId: string; readonly from: number; readonly to: number };

/** From where a feed starts in each conversation. */
export type FeedStart =
  | { readonly kind: 'device' }
  | { readonly kind: 'sync'; readonly cursors: ReadonlyMap<string, number>; readonly fresh: boolean; readonly limit: number | undefined };

/** What a feed reads when it goes live. */
export interface FeedSource {
  /** The user's conversations as of one moment after the call. Waits while the store is away. */
  positions(): Promise<readonly ConversationPosition[]>;
  /** READ and DELIVERED of the others in these conversations. */
  cursorSignals(conversations: readonly Conversation[]): Promise<readonly Signal[]>;
}

type Phase = 'idle' | 'reading' | 'replaying' | 'live' | 'closed';

/**
 * One session's stream of everything addressed to its user. It opens so that nothing falls between the log and what is
 * live ([S1]): hold what comes from the moment the read is issued, read, hand over, let through what was held, by seq.
 */
export class Feed {
  readonly #user: LocalUser;
  readonly #source: FeedSource;
  readonly #log: LogReader;
  readonly #gates: Gates;
  readonly #counts: DeliveryCounts;
  readonly #sink: FeedSink;
  #phase: Phase = 'idle';
  /** Rises with each opening: a sync that comes while another opens takes over. */
  #opening = 0;
  #held: LogEntry[] = [];
  #heldOverflow = false;
  /** While opening: the last seq handed over, or about to be, of each conversation. */
  #positions = new Map<string, number>();
  /** Once live: conversations in which this feed is further than their gate. Empties by itself. */
  #ahead = new Map<string, number>();
  #snapshot: Promise<void> = Promise.resolve();
  /** The last opening has ended. */
  #opened: Promise<void> = Promise.resolve();

  constructor(user: LocalUser, source: FeedSource, log: LogReader, gates: Gates, counts: DeliveryCounts, sink: FeedSink) {
    this.#user = user;
    this.#source = source;
    this.#log = log;
    this.#gates = gates;
    this.#counts = counts;
    this.#sink = sink;
  }

  get live(): boolean {
    return this.#phase === 'live';
  }

  /** Reads, or has read: what is committed from now on has to come by a gate. */
  get begun(): boolean {
    return this.#phase !== 'idle' && this.#phase !== 'closed';
  }

  /** Settles when this feed knows its conversations; `undefined` if it does already. */
  get snapshotPending(): Promise<void> | undefined {
    return this.#phase === 'reading' ? this.#snapshot : undefined;
  }

  onEntry(entry: LogEntry): void {
    if (this.#phase === 'live') {
      if (this.#ahead.size > 0 && this.#isAhead(entry)) return;
      this.#sink.onEntry(entry);
      return;
    }
    if (this.#phase === 'idle' || this.#phase === 'closed') return;
    if (this.#held.length < this.#gates.limits.held) {
      this.#held.push(entry);
    } else if (!this.#heldOverflow) {
      this.#heldOverflow = true;
      this.#counts.heldOverflows++;
    }
  }

  onSignal(signal: Signal): void {
    // Cursors are state: what is read now may be older than this one.
    if (this.#phase === 'live' || (signal.kind !== 'typing' && this.begun)) this.#sink.onSignal(signal);
  }

  /**
   * Goes live from there. A call during another opening replaces it, and begins when that has stopped: however often a
   * client asks, one read of this feed is under way.
   */
  open(start: FeedStart): void {
    const opening = ++this.#opening;
    this.#opened = this.#opened
      .then(() => this.#open(start, opening))
      .catch((error: unknown) => {
        if (this.#isCurrent(opening)) this.#sink.onFailed(error);
      });
  }

  close(): void {
    this.#phase = 'closed';
    this.#opening++;
    this.#held = [];
    this.#positions.clear();
    this.#ahead.clear();
  }

  async #open(start: FeedStart, opening: number): Promise<void> {
    if (!this.#isCurrent(opening)) return;
    const truncated: TruncatedRange[] = [];
    let round = await this.#takeSnapshot(opening);
    let from: (row: ConversationPosition) => number = (row) => startOf(row, start, truncated);
    while (round !== undefined) {
      const starts = round.map(from);
      this.#positions = new Map(round.map((row) => [row.conversationId, row.lastSeq]));
      for (const [i, row] of round.entries()) {
        if (!(await this.#replay(row, starts[i] ?? row.lastSeq, opening))) return;
      }
      if (start.kind === 'device' || !start.fresh) await this.#sendCursors(round);
      if (!this.#isCurrent(opening)) return;
      if (!this.#heldOverflow && this.#heldIsWhole()) {
        this.#goLive(start, truncated);
        return;
      }
      // What was held is not whole: read on from where the last round ended.
      const reached = this.#positions;
      from = (row) => reached.get(row.conversationId) ?? row.joinedSeq;
      round = await this.#takeSnapshot(opening);
    }
  }

  /** Holds from now on, reads where everything stands, and takes its place at the gates. */
  async #takeSnapshot(opening: number): Promise<readonly ConversationPosition[] | undefined> {
    this.#phase = 'reading';
    this.#held = [];
    this.#heldOverflow = false;
    const reading = this.#source.positions();
    this.#snapshot = reading.then(
      () => undefined,
      () => undefined,
    );
    const rows = await reading;
    if (!this.#isCurrent(opening)) return undefined;
    for (const row of rows) this.#gates.join(row, row.lastSeq, this.#user, this);
    this.#phase = 'replaying';
    return rows;
  }

  async #replay(row: ConversationPosition, start: number, opening: number): Promise<boolean> {
    for (let after = start; after < row.lastSeq; ) {
      const page = await this.#log.read(row, after, row.lastSeq);
      if (!this.#isCurrent(opening)) return false;
      const last = page.at(-1);
      if (last === undefined) throw new Error(`The log of a conversation ends before its last seq ${row.lastSeq}.`);
      for (const entry of page) this.#sink.onEntry(entry);
      after = last.seq;
      await this.#sink.drained();
      if (!this.#isCurrent(opening)) return false;
    }
    return true;
  }

  /** Cursors of others are state, not only events ([S4]). */
  async #sendCursors(rows: readonly ConversationPosition[]): Promise<void> {
    const newer = rows.filter((row) => row.cursorVersion > row.knownCursorVersion);
    if (newer.length === 0) return;
    for (const signal of await this.#source.cursorSignals(newer)) {
      if (this.#phase === 'replaying') this.#sink.onSignal(signal);
    }
  }

  /** Whether what was handed over and what is held meet, in every conversation, what has passed the gates here. */
  #heldIsWhole(): boolean {
    const reached = new Map(this.#positions);
    // A gate that another feed made, or came to, meanwhile may have been further on than this one has read.
    for (const [gate, enteredAt] of this.#user.gates) {
      if (enteredAt > (reached.get(gate.conversation.conversationId) ?? 0)) return false;
    }
    for (const entry of this.#held) {
      const position = reached.get(entry.conversationId) ?? 0;
      if (entry.seq <= position) continue;
      if (entry.seq !== position + 1) {
        this.#counts.holesAtGoLive++;
        return false;
      }
      reached.set(entry.conversationId, entry.seq);
    }
    for (const gate of this.#user.gates.keys()) {
      if (gate.position > (reached.get(gate.conversation.conversationId) ?? 0)) return false;
    }
    return true;
  }

  #goLive(start: FeedStart, truncated: readonly TruncatedRange[]): void {
    if (start.kind === 'sync') this.#sink.onSynced(Object.fromEntries(this.#positions), truncated);
    for (const entry of this.#held) {
      if (entry.seq <= (this.#positions.get(entry.conversationId) ?? 0)) continue;
      this.#positions.set(entry.conversationId, entry.seq);
      this.#sink.onEntry(entry);
    }
    this.#ahead = new Map([...this.#positions].filter(([id, position]) => this.#gates.positionOf(id) < position));
    this.#held = [];
    this.#positions = new Map();
    this.#phase = 'live';
    this.#sink.onLive();
  }

  #isAhead(entry: LogEntry): boolean {
    const position = this.#ahead.get(entry.conversationId);
    if (position === undefined) return false;
    if (entry.seq >= position) this.#ahead.delete(entry.conversationId);
    return entry.seq <= position;
  }

  #isCurrent(opening: number): boolean {
    return opening === this.#opening;
  }
}

/** After which seq to begin in a conversation; notes what a limit leaves out. */
function startOf(row: ConversationPosition, start: FeedStart, truncated: TruncatedRange[]): number {
  if (start.kind === 'device') return Math.min(row.deliveredSeq, row.lastSeq);
  if (start.fresh) return row.lastSeq;
  const cursor = Math.max(start.cursors.get(row.conversationId) ?? row.joinedSeq, row.joinedSeq);
  const from = Math.min(cursor, row.lastSeq);
  if (start.limit === undefined || row.lastSeq - from <= start.limit) return from;
  const limited = row.lastSeq - start.limit;
  truncated.push({ conversationId: row.conversationId, from: from + 1, to: limited });
  return limited;
}
