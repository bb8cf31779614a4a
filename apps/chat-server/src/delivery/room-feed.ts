import { ChatError } from '@chat/protocol';
import type { Conversation, LogEntry } from '../conversations/log-entry.ts';
import type { LogReader } from '../conversations/log-reader.ts';
import type { UserRef } from '../conversations/message-store.port.ts';
import type { DeliveryCounts } from './delivery-counts.ts';
import type { Gate, GateWatcher } from './gate.ts';
import type { Gates } from './gates.ts';
import { Held } from './held.ts';
import type { RoomAccess, RoomReads } from './room-reads.ts';
import type { Signal } from './signal.ts';

/** Where a room's entries go: a subscription to `/topic/rooms.{roomId}`. */
export interface RoomFeedSink {
  /** Entries that may be handed over now: not endless where each has to be acknowledged. */
  readonly room: number;
  /** Calls back once there is room again. The last call counts. */
  whenRoom(callback: () => void): void;
  onEntry(entry: LogEntry): void;
  onSignal(signal: Signal): void;
  /** From now on everything comes as it happens. */
  onLive(): void;
  /** The reader may not know of such a room. Instead of everything else. */
  onRefused(error: ChatError): void;
  /** The reader's own LEAVE was the last entry. */
  onEnded(): void;
  /** Resolves when what was handed over has mostly left; at once if little waits. */
  drained(): Promise<void>;
  onFailed(error: unknown): void;
}

export type RoomFeedParts = {
  readonly gates: Gates;
  readonly reads: RoomReads;
  readonly log: LogReader;
  readonly counts: DeliveryCounts;
};

/** `waiting`: for room. What comes meanwhile is dropped, since the log has it. */
type Phase = 'opening' | 'live' | 'waiting' | 'closed';

/**
 * One session's view of a room. It watches the gate of the room, so it needs no membership; who may see what is read in
 * one snapshot with the end of the log, and the gate is brought up to there first ([G3]). In a private room it ends with
 * the reader's LEAVE.
 */
export class RoomFeed implements GateWatcher {
  readonly #parts: RoomFeedParts;
  readonly #reader: UserRef;
  readonly #roomId: string;
  readonly #sink: RoomFeedSink;
  readonly #held: Held;
  #phase: Phase = 'opening';
  #conversation: Conversation | undefined;
  #endsWithLeave = true;
  /** The reader's LEAVEs that passed while this opens or waits. */
  #leaves: number[] = [];

  constructor(parts: RoomFeedParts, reader: UserRef, roomId: string, sink: RoomFeedSink) {
    this.#parts = parts;
    this.#reader = reader;
    this.#roomId = roomId;
    this.#sink = sink;
    this.#held = new Held(parts.gates.limits);
  }

  /** Shows the room from now on, or from behind `after` on. */
  open(after: number | undefined): void {
    this.#run(this.#open(after));
  }

  close(): void {
    this.#phase = 'closed';
    this.#held.clear();
    if (this.#conversation !== undefined) this.#parts.gates.rooms.unwatch(this.#conversation.conversationId, this);
  }

  onEntry(entry: LogEntry): void {
    const leaves = entry.type === 'LEAVE' && entry.from === this.#reader.userId;
    if (this.#phase === 'live' && this.#sink.room > 0) {
      this.#sink.onEntry(entry);
      if (leaves && this.#endsWithLeave) this.#end();
      return;
    }
    if (this.#phase === 'live') this.#waitForRoom(entry.seq - 1);
    if (leaves) this.#leaves.push(entry.seq);
    if (this.#phase === 'opening' && this.#held.add(entry)) this.#parts.counts.heldOverflows++;
  }

  onSignal(signal: Signal): void {
    if (this.#phase === 'live') this.#sink.onSignal(signal);
  }

  async #open(after: number | undefined): Promise<void> {
    const known = await this.#parts.reads.access(this.#roomId, this.#reader.userNo);
    if (this.#isClosed()) return;
    if (!mayLook(known)) return this.#refuse();
    this.#conversation = known.conversation;
    const gate = await this.#watch(known.conversation);
    if (gate === undefined) return;
    // Everything from here on is held: what was is older than this read.
    this.#held.clear();
    this.#leaves = [];
    const access = await this.#parts.reads.access(this.#roomId, this.#reader.userNo);
    if (this.#isClosed()) return;
    if (!mayLook(access)) return this.#refuse();
    const { lastSeq } = access;
    gate.reach(lastSeq);
    await gate.passed(lastSeq);
    if (this.#isClosed()) return;
    this.#endsWithLeave = !access.public;
    await this.#goLive(gate, Math.max(Math.min(after ?? lastSeq, lastSeq), access.readFrom), lastSeq);
  }

  /** Goes on after it had no room. It has seen since whether the reader left, so nobody has to be asked. */
  async #resume(conversation: Conversation, after: number): Promise<void> {
    const gate = await this.#watch(conversation);
    if (gate === undefined) return;
    const leave = this.#leaveAfter(after);
    if (leave === undefined) await this.#goLive(gate, after, Math.max(after, gate.position));
    else if (await this.#replay(conversation, after, leave)) this.#end();
  }

  async #watch(conversation: Conversation): Promise<Gate | undefined> {
    const { gates } = this.#parts;
    const gate = await gates.rooms.watch(conversation, this);
    if (!this.#isClosed() && gate !== undefined) return gate;
    gates.rooms.unwatch(conversation.conversationId, this);
    return undefined;
  }

  /** Reads up to there, which has passed the gate, and lets through what has passed since. */
  async #goLive(gate: Gate, after: number, upTo: number): Promise<void> {
    const { conversation } = gate;
    let whole = await this.#replay(conversation, after, upTo);
    let reached = Math.max(after, upTo);
    while (whole && this.#held.overflowed) {
      // Hold anew, and read what was not held; not beyond the LEAVE.
      this.#held.clear();
      const leave = this.#leaveAfter(upTo);
      const end = leave ?? gate.position;
      whole = await this.#replay(conversation, reached, end);
      reached = end;
      if (whole && leave !== undefined) return this.#end();
    }
    if (whole) this.#letThrough(reached);
  }

  #leaveAfter(seq: number): number | undefined {
    return this.#endsWithLeave ? this.#leaves.find((leave) => leave > seq) : undefined;
  }

  /** False if this was closed meanwhile, or has to wait for room. */
  async #replay(conversation: Conversation, after: number, upTo: number): Promise<boolean> {
    for (let reached = after; reached < upTo; ) {
      const { room } = this.#sink;
      if (room <= 0) {
        this.#waitForRoom(reached);
        return false;
      }
      const page = await this.#parts.log.read(conversation, reached, Math.min(upTo, reached + room));
      if (this.#isClosed()) return false;
      const last = page.at(-1);
      if (last === undefined) throw new Error(`The log of a room ends before its last seq ${upTo}.`);
      for (const entry of page) this.#sink.onEntry(entry);
      reached = last.seq;
      await this.#sink.drained();
      if (this.#isClosed()) return false;
    }
    return true;
  }

  /** Goes on from there once there is room. */
  #waitForRoom(after: number): void {
    const conversation = this.#conversation;
    if (conversation === undefined) return; // nothing can have been handed over
    this.#phase = 'waiting';
    this.#held.clear();
    // As live as its reader lets it be.
    this.#sink.onLive();
    this.#sink.whenRoom(() => {
      if (this.#phase !== 'waiting') return;
      this.#phase = 'opening';
      this.#run(this.#resume(conversation, after));
    });
  }

  #run(opening: Promise<void>): void {
    opening.catch((error: unknown) => {
      if (this.#isClosed()) return;
      this.close();
      this.#sink.onFailed(error);
    });
  }

  #letThrough(reached: number): void {
    const held = this.#held.entries;
    this.#held.clear();
    this.#phase = 'live';
    for (const entry of held) {
      if (entry.seq > reached && !this.#isClosed()) this.onEntry(entry);
    }
    if (!this.#isClosed()) this.#sink.onLive();
  }

  #refuse(): void {
    this.close();
    this.#sink.onRefused(new ChatError('not-found', 'There is no such room.'));
  }

  #end(): void {
    this.close();
    this.#sink.onEnded();
  }

  /** Asked anew after each wait: a method, so that the compiler does not take the answer for settled. */
  #isClosed(): boolean {
    return this.#phase === 'closed';
  }
}

/** Who was in a private room may read some of it still, but sees nothing that comes. */
function mayLook(access: RoomAccess | undefined): access is RoomAccess {
  return access !== undefined && (access.public || access.member);
}

/** The rooms of this server, as sessions look at them. */
export class RoomFeeds {
  readonly #parts: RoomFeedParts;

  constructor(parts: RoomFeedParts) {
    this.#parts = parts;
  }

  /** Answers at once; what comes of it the sink is told, later than this call. */
  open(reader: UserRef, roomId: string, after: number | undefined, sink: RoomFeedSink): { close(): void } {
    const feed = new RoomFeed(this.#parts, reader, roomId, sink);
    feed.open(after);
    return feed;
  }

  /** Whether somebody here looks at the room. */
  hasViewers(conversationId: string): boolean {
    return (this.#parts.gates.rooms.gateOf(conversationId)?.watchers.size ?? 0) > 0;
  }

  /** Something for those who look at the room here, and nobody else. */
  tellViewers(signal: Signal): void {
    for (const watcher of this.#parts.gates.rooms.gateOf(signal.conversationId)?.watchers ?? []) watcher.onSignal(signal);
  }
}
