import type { Conversation, LogEntry } from '../conversations/log-entry.ts';
import type { LogReader } from '../conversations/log-reader.ts';
import type { ConversationPosition } from '../conversations/message-store.port.ts';
import { roomIdOf } from './conversation-kind.ts';
import type { DeliveryCounts } from './delivery-counts.ts';
import type { DeliveryLimits } from './delivery-limits.ts';
import { startOf, type GateStart } from './gate-start.ts';
import { Gate, type GateWatcher, type MembershipListener } from './gate.ts';
import type { LocalUser, LocalUsers } from './local-user.ts';
import type { RoomReads, RoomSnapshot } from './room-reads.ts';
import type { RoomRegistry } from './room-registry.ts';
import { Undecided } from './undecided.ts';

/** How long a gate outlives the last one here who needs it ([G4]). */
const LINGER_MS = 2_000;
/** Entries of a room that nobody here is in lead to one read in this time. */
const QUIET_MS = 1_000;
const READS_IN_FLIGHT = 8;
/** Rooms of which it is remembered up to where nobody here is concerned. */
const REMEMBERED = 10_000;

export type RoomGatesParts = {
  readonly users: LocalUsers;
  readonly reads: RoomReads;
  readonly registry: RoomRegistry;
  readonly log: LogReader;
  readonly counts: DeliveryCounts;
  readonly limits: DeliveryLimits;
  readonly onLive: (conversationId: string) => void;
};

type Room = {
  readonly conversation: Conversation;
  readonly undecided: Undecided;
  readonly watchers: Set<GateWatcher>;
  gate: Gate | undefined;
  /** Resolves with the gate, or with nothing if nobody here needs one. */
  decided: Promise<Gate | undefined>;
  /** Something came since the read under way was asked for. */
  news: boolean;
  /** Somebody waits for the next read: no pause before it. */
  urgent: boolean;
  wake: () => void;
  /** Those who wait for the gate or for a place at it. */
  holders: number;
  leaving: NodeJS.Timeout | undefined;
};

/**
 * The gates of rooms. Who is in a room on this server is read once, when the gate is made, in one snapshot with the end
 * of the log; from then on it changes only when a JOIN or LEAVE passes, in its place ([G3]). So all servers agree between
 * which two entries it happened.
 */
export class RoomGates implements MembershipListener {
  readonly #parts: RoomGatesParts;
  readonly #rooms = new Map<string, Room>();
  /** Up to where the log of a room without a gate concerns nobody who was listening when that was read. */
  readonly #unconcerned = new Map<string, number>();
  #reading = 0;
  readonly #toRead: (() => void)[] = [];

  constructor(parts: RoomGatesParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#rooms.size;
  }

  gateOf(conversationId: string): Gate | undefined {
    return this.#rooms.get(conversationId)?.gate;
  }

  /** What is known to have passed here, or to concern nobody here. */
  positionOf(conversationId: string): number {
    return this.gateOf(conversationId)?.position ?? this.#unconcerned.get(conversationId) ?? 0;
  }

  /** Rooms that somebody here looks at, whether or not a member is here: no question by users finds where their logs end. */
  *watched(): IterableIterator<Gate> {
    for (const { gate } of this.#rooms.values()) if (gate !== undefined && gate.watchers.size > 0) yield gate;
  }

  accept(entry: LogEntry): void {
    const room = this.#concerned(entry, entry.seq);
    if (room?.gate !== undefined) {
      room.gate.accept(entry);
    } else if (room !== undefined) {
      room.undecided.add(entry);
      room.news = true;
      if (entry.type === 'JOIN' && this.#parts.users.get(entry.from) !== undefined) hurry(room);
    }
  }

  reached(conversation: Conversation, seq: number): number {
    const room = this.#concerned(conversation, seq);
    if (room?.gate !== undefined) return room.gate.reach(seq);
    room?.undecided.reach(seq);
    if (room !== undefined) room.news = true;
    return 0;
  }

  /**
   * A feed has read that its user is a member as of `lastSeq`. The gate is brought up to there first. Resolves when the
   * user has its place, or when what the gate knows is newer: then the feed reads again. `isCurrent` says whether the
   * feed still goes by that read, and has seen no later JOIN or LEAVE of its user pass.
   */
  async enter(row: ConversationPosition, user: LocalUser, isCurrent: () => boolean): Promise<void> {
    const room = this.#hold(row);
    try {
      const gate = await room.decided;
      if (gate === undefined || row.lastSeq < gate.since) return;
      gate.reach(row.lastSeq);
      await gate.passed(row.lastSeq);
      if (!isCurrent() || !this.#parts.users.has(user)) return;
      // The first here is to be told of all cursors that are newer than those it reads.
      user.enter(gate);
    } finally {
      this.#letGo(room);
    }
  }

  /** Everything that passes comes to the watcher from when this resolves, until `unwatch`. */
  async watch(conversation: Conversation, watcher: GateWatcher): Promise<Gate | undefined> {
    const room = this.#hold(conversation);
    room.watchers.add(watcher);
    try {
      return await room.decided;
    } finally {
      this.#letGo(room);
    }
  }

  unwatch(conversationId: string, watcher: GateWatcher): void {
    const room = this.#rooms.get(conversationId);
    if (room?.watchers.delete(watcher) === true) this.#dropLater(room);
  }

  /** To be called when a user has gone. */
  forget(user: LocalUser, gate: Gate): void {
    user.leave(gate);
    const room = this.#rooms.get(gate.conversation.conversationId);
    // The user went a while ago: the gate has lingered already.
    if (room?.gate === gate && !this.#dropIfUnused(room)) this.#dropLater(room);
  }

  onJoin(gate: Gate, entry: LogEntry): void {
    const user = this.#parts.users.get(entry.from);
    if (user === undefined) return;
    user.join(gate);
    user.onMembership(entry);
  }

  onLeave(gate: Gate, entry: LogEntry): void {
    const user = this.#parts.users.get(entry.from);
    if (user === undefined) return;
    user.leave(gate);
    user.onMembership(entry);
    const room = this.#rooms.get(entry.conversationId);
    if (room !== undefined) this.#dropLater(room);
  }

  /** The room, unless it is known that this concerns nobody here. */
  #concerned(conversation: Conversation, seq: number): Room | undefined {
    const { conversationId } = conversation;
    const room = this.#rooms.get(conversationId);
    if (room !== undefined) return room;
    if (seq <= (this.#unconcerned.get(conversationId) ?? 0) || !this.#parts.users.anyListening) return undefined;
    return this.#open(conversation);
  }

  #hold(conversation: Conversation): Room {
    const room = this.#rooms.get(conversation.conversationId) ?? this.#open(conversation);
    room.holders++;
    room.news = true;
    hurry(room);
    return room;
  }

  #letGo(room: Room): void {
    room.holders--;
    this.#dropLater(room);
  }

  #open({ conversationId, conversationNo }: Conversation): Room {
    const room: Room = {
      conversation: { conversationId, conversationNo },
      undecided: new Undecided(this.#parts.limits),
      watchers: new Set(),
      gate: undefined,
      decided: Promise.resolve(undefined),
      news: false,
      urgent: false,
      wake: () => undefined,
      holders: 0,
      leaving: undefined,
    };
    this.#rooms.set(conversationId, room);
    room.decided = this.#decide(room);
    return room;
  }

  /** Reads who is here until the room has a gate, or until nobody needs one and nothing came since that was asked. */
  async #decide(room: Room): Promise<Gate | undefined> {
    const { registry, users } = this.#parts;
    const roomId = roomIdOf(room.conversation.conversationId);
    // What comes in this turn was committed before the first read.
    await Promise.resolve();
    for (;;) {
      const { asked, snapshot } = await this.#snapshot(room);
      const start = startOf(room.conversation, snapshot, asked.filter((user) => users.has(user)));
      if (start !== undefined || room.watchers.size > 0) {
        if (registry.has(roomId)) return this.#make(room, snapshot, start);
        // Registered, *then* read ([R2]).
        await registry.add(roomId);
      } else {
        // Nobody is kept waiting by the pause; whoever comes meanwhile ends it.
        if (room.holders === 0) await pause(room);
        if (room.news) continue;
        this.#close(room, snapshot.lastSeq);
        return undefined;
      }
    }
  }

  async #snapshot(room: Room): Promise<{ readonly asked: readonly LocalUser[]; readonly snapshot: RoomSnapshot }> {
    const { reads, users } = this.#parts;
    if (this.#reading >= READS_IN_FLIGHT) await new Promise<void>((resolve) => this.#toRead.push(resolve));
    this.#reading++;
    try {
      // From here on whatever comes may be newer than the answer.
      room.news = false;
      room.urgent = false;
      const asked = [...users.listening()];
      return { asked, snapshot: await reads.snapshot(room.conversation, asked.map((user) => user.userNo)) };
    } finally {
      this.#reading--;
      this.#toRead.shift()?.();
    }
  }

  #make(room: Room, snapshot: RoomSnapshot, start: GateStart | undefined): Gate {
    const { log, counts, limits, registry, onLive } = this.#parts;
    const { conversation, watchers } = room;
    const position = start?.position ?? snapshot.lastSeq;
    const gate = new Gate({ conversation, position, since: snapshot.lastSeq, log, counts, limits, memberships: this, watchers });
    room.gate = gate;
    registry.keep(roomIdOf(conversation.conversationId));
    for (const user of start?.members ?? []) user.enter(gate);
    gate.reach(snapshot.lastSeq);
    room.undecided.drain((entry) => gate.accept(entry), (seq) => gate.reach(seq));
    onLive(conversation.conversationId);
    return gate;
  }

  #dropLater(room: Room): void {
    if (!isUnused(room)) return;
    room.leaving ??= setTimeout(() => {
      room.leaving = undefined;
      if (!this.#dropIfUnused(room)) this.#dropLater(room);
    }, LINGER_MS).unref();
  }

  #dropIfUnused(room: Room): boolean {
    if (this.#rooms.get(room.conversation.conversationId) !== room) return true;
    if (room.gate?.idle !== true || !isUnused(room)) return false;
    this.#close(room, room.gate.position);
    return true;
  }

  #close(room: Room, reached: number): void {
    const { conversationId } = room.conversation;
    clearTimeout(room.leaving);
    this.#rooms.delete(conversationId);
    this.#parts.registry.remove(roomIdOf(conversationId));
    this.#unconcerned.delete(conversationId);
    this.#unconcerned.set(conversationId, reached);
    if (this.#unconcerned.size <= REMEMBERED) return;
    const [oldest] = this.#unconcerned.keys();
    if (oldest !== undefined) this.#unconcerned.delete(oldest);
  }
}

function isUnused(room: Room): boolean {
  return room.gate !== undefined && room.gate.members.size === 0 && room.watchers.size === 0 && room.holders === 0;
}

function hurry(room: Room): void {
  room.urgent = true;
  room.wake();
}

/** A room that nobody here is in does not cost a read for each entry. */
function pause(room: Room): Promise<void> {
  if (room.urgent) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, QUIET_MS).unref();
    room.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
