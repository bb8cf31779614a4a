import type { LogEntry } from '../conversations/log-entry.ts';
import type { LogReader } from '../conversations/log-reader.ts';
import type { ConversationPosition } from '../conversations/message-store.port.ts';
import { isRoom } from './conversation-kind.ts';
import type { DeliveryCounts } from './delivery-counts.ts';
import type { FeedSink, FeedSource } from './feed-sink.ts';
import { endOf, reachedSoFar, startOf, within, type FeedStart, type TruncatedRange } from './feed-start.ts';
import type { Gates } from './gates.ts';
import { meetsTheGates } from './going-live.ts';
import { Held } from './held.ts';
import type { LocalUser } from './local-user.ts';
import type { Signal } from './signal.ts';

export type { FeedSink, FeedSource } from './feed-sink.ts';
export type { FeedStart, TruncatedRange } from './feed-start.ts';

/** `waiting`: for room. What comes meanwhile is dropped, since the log has it. */
type Phase = 'idle' | 'reading' | 'replaying' | 'live' | 'waiting' | 'closed';

/** One read of where everything stands, and what was seen of rooms since it was asked for. */
type Round = {
  rows: readonly ConversationPosition[];
  /** The user has its places at the gates of rooms, as far as this read can tell. */
  entered: Promise<unknown>;
  /** JOINs and LEAVEs of this user that passed: the last of each room. */
  readonly changes: Map<string, number>;
  /** Up to where this feed has to read: what passed before its user had a place at a gate, and memberships that ended. */
  readonly owed: Map<string, number>;
};

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
  #round: Round | undefined;
  readonly #held: Held;
  /** While opening: the last seq handed over, or about to be, of each conversation. */
  #positions = new Map<string, number>();
  /**
   * Once live: how far this feed has come where no gate says so: conversations in which it is further than their gate,
   * which empties by itself, and rooms that the user has left.
   */
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
    this.#held = new Held(gates.limits);
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
      if (this.#sink.room <= 0) this.#waitForRoom(this.#standingBefore(entry));
      else this.#sink.onEntry(entry);
      return;
    }
    if (this.#phase !== 'reading' && this.#phase !== 'replaying') return;
    if (this.#held.add(entry)) this.#counts.heldOverflows++;
  }

  onSignal(signal: Signal): void {
    // Cursors are state: what is read now may be older than this one.
    if (this.#phase === 'live' || (signal.kind !== 'typing' && this.begun)) this.#sink.onSignal(signal);
  }

  /** A JOIN or LEAVE of this user has passed a gate here, behind it in what the feed is given if it is given that. */
  onMembership(entry: LogEntry): void {
    if (this.#phase === 'live') {
      // An opening that began later may have brought more than the gate has let through yet.
      if (entry.type === 'LEAVE') this.#ahead.set(entry.conversationId, Math.max(entry.seq, this.handedOver(entry.conversationId)));
    } else {
      this.#round?.changes.set(entry.conversationId, entry.seq);
    }
  }

  /** The log concerns this user up to there, and no gate brings it: a feed that is opening does not go live before. */
  owe(conversationId: string, seq: number): void {
    const owed = this.#round?.owed;
    owed?.set(conversationId, Math.max(seq, owed.get(conversationId) ?? 0));
  }

  /** Once live: how far it has come in a room that the user is not in. */
  handedOver(conversationId: string): number {
    return this.#ahead.get(conversationId) ?? 0;
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
    this.#round = undefined;
    this.#held.clear();
    this.#positions.clear();
    this.#ahead.clear();
  }

  async #open(start: FeedStart, opening: number): Promise<void> {
    if (!this.#isCurrent(opening)) return;
    const truncated: TruncatedRange[] = start.kind === 'resume' ? [...(start.owesSynced ?? [])] : [];
    const owesSynced = start.kind === 'sync' || (start.kind === 'resume' && start.owesSynced !== undefined) ? truncated : undefined;
    let round = await this.#takeSnapshot(opening);
    let from: (row: ConversationPosition) => number = (row) => startOf(row, start, truncated);
    while (round !== undefined) {
      const starts = round.rows.map(from);
      this.#positions = new Map(round.rows.map((row) => [row.conversationId, endOf(row)]));
      for (const [i, row] of round.rows.entries()) {
        const stopped = await this.#replay(row, starts[i] ?? endOf(row), opening);
        if (!this.#isCurrent(opening)) return;
        if (stopped !== undefined) return this.#waitForRoom(reachedSoFar(round.rows, starts, i, stopped), owesSynced);
      }
      await round.entered;
      if (!this.#isCurrent(opening)) return;
      if (start.kind !== 'sync' || !start.fresh) await this.#sendCursors(round.rows);
      if (!this.#isCurrent(opening)) return;
      if (this.#isWhole(round)) {
        this.#goLive(owesSynced);
        return;
      }
      // What was held is not whole: read on from where the last round ended.
      const reached = this.#positions;
      from = (row) => within(row, reached.get(row.conversationId) ?? row.joinedSeq);
      round = await this.#takeSnapshot(opening);
    }
  }

  /** Holds from now on, reads where everything stands, and takes its place at the gates. */
  async #takeSnapshot(opening: number): Promise<Round | undefined> {
    this.#phase = 'reading';
    this.#held.clear();
    const round: Round = { rows: [], entered: Promise.resolve(), changes: new Map(), owed: new Map() };
    this.#round = round;
    const reading = this.#source.positions();
    this.#snapshot = reading.then(
      () => undefined,
      () => undefined,
    );
    const rows = await reading;
    if (!this.#isCurrent(opening)) return undefined;
    round.rows = rows;
    round.entered = this.#takePlaces(round);
    this.#phase = 'replaying';
    return round;
  }

  #takePlaces(round: Round): Promise<unknown> {
    const entering: Promise<void>[] = [];
    for (const row of round.rows) {
      if (!isRoom(row.conversationId)) {
        this.#gates.join(row, this.#user, this);
      } else if (row.leftSeq === null) {
        const isCurrent = (): boolean => this.#round === round && (round.changes.get(row.conversationId) ?? 0) <= row.lastSeq;
        entering.push(this.#gates.rooms.enter(row, this.#user, isCurrent));
      }
    }
    return Promise.all(entering);
  }

  /** Where it stopped, if there was no room for more. */
  async #replay(row: ConversationPosition, start: number, opening: number): Promise<number | undefined> {
    const end = endOf(row);
    for (let after = start; after < end; ) {
      const { room } = this.#sink;
      if (room <= 0) return after;
      const page = await this.#log.read(row, after, Math.min(end, after + room));
      if (!this.#isCurrent(opening)) return undefined;
      const last = page.at(-1);
      if (last === undefined) throw new Error(`The log of a conversation ends before its last seq ${end}.`);
      for (const entry of page) this.#sink.onEntry(entry);
      after = last.seq;
      await this.#sink.drained();
      if (!this.#isCurrent(opening)) return undefined;
    }
    return undefined;
  }

  /** Goes on from there once there is room. `owesSynced`: a sync has not been answered yet. */
  #waitForRoom(positions: ReadonlyMap<string, number>, owesSynced?: readonly TruncatedRange[]): void {
    const opening = this.#opening;
    this.#phase = 'waiting';
    this.#round = undefined;
    this.#held.clear();
    this.#positions.clear();
    this.#ahead.clear();
    // As live as its reader lets it be.
    this.#sink.onLive();
    this.#sink.whenRoom(() => {
      if (this.#isCurrent(opening)) this.open({ kind: 'resume', positions, owesSynced });
    });
  }

  /** Where each conversation stands, now that this entry is not handed over. */
  #standingBefore({ conversationId, seq }: LogEntry): ReadonlyMap<string, number> {
    const standing = new Map(this.#ahead);
    for (const { conversation, position } of this.#user.gates) {
      standing.set(conversation.conversationId, Math.max(position, standing.get(conversation.conversationId) ?? 0));
    }
    return standing.set(conversationId, seq - 1);
  }

  /** Cursors of others are state, not only events ([S4]): those that passed a room before this user had its place as well. */
  async #sendCursors(rows: readonly ConversationPosition[]): Promise<void> {
    const newer = rows.filter((row) => {
      if (row.leftSeq !== null) return false;
      const passed = this.#gates.roomCursors.newest(row.conversationId);
      return row.cursorVersion > row.knownCursorVersion || passed > (row.toldVersion ?? row.cursorVersion);
    });
    if (newer.length === 0) return;
    for (const signal of await this.#source.cursorSignals(newer)) {
      if (this.#phase === 'replaying') this.#sink.onSignal(signal);
    }
  }

  #isWhole(round: Round): boolean {
    if (this.#held.overflowed) return false;
    const { rows, owed } = round;
    const meets = meetsTheGates({ user: this.#user, gates: this.#gates, rows, owed, reached: this.#positions, held: this.#held.entries });
    if (meets === 'hole') this.#counts.holesAtGoLive++;
    return meets === 'whole';
  }

  #goLive(owesSynced: readonly TruncatedRange[] | undefined): void {
    if (owesSynced !== undefined) this.#sink.onSynced(Object.fromEntries(this.#positions), owesSynced);
    for (const entry of this.#held.entries) {
      if (entry.seq <= (this.#positions.get(entry.conversationId) ?? 0)) continue;
      if (this.#sink.room <= 0) return this.#waitForRoom(new Map(this.#positions));
      this.#positions.set(entry.conversationId, entry.seq);
      this.#sink.onEntry(entry);
    }
    this.#ahead = new Map([...this.#positions].filter(([id, position]) => this.#gateBehind(id) < position));
    this.#held.clear();
    this.#positions = new Map();
    this.#round = undefined;
    this.#phase = 'live';
    this.#sink.onLive();
  }

  /** Where the gate stands that lets through to this user; of a room that the user has left there is none. */
  #gateBehind(conversationId: string): number {
    const gate = this.#gates.gateOf(conversationId);
    return gate !== undefined && this.#user.gates.has(gate) ? gate.position : -1;
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
