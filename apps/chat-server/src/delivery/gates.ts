import { parseConversationId } from '@chat/protocol';
import type { Conversation, LogEntry } from '../conversations/log-entry.ts';
import type { LogReader } from '../conversations/log-reader.ts';
import type { ConversationPosition } from '../conversations/message-store.port.ts';
import { isRoom } from './conversation-kind.ts';
import type { DeliveryCounts } from './delivery-counts.ts';
import { DELIVERY_LIMITS, type DeliveryLimits } from './delivery-limits.ts';
import type { Feed } from './feed.ts';
import { Gate } from './gate.ts';
import { LocalUsers, type LocalUser } from './local-user.ts';
import { RoomGates } from './room-gates.ts';
import type { RoomReads } from './room-reads.ts';
import type { RoomRegistry } from './room-registry.ts';
import { RoomCursorVersions } from './room-cursor-versions.ts';
import type { Signal } from './signal.ts';
import { Undecided } from './undecided.ts';

/** How long a user's gates outlive the last feed ([G4]). */
const LINGER_MS = 2_000;

export type GatesParts = {
  readonly log: LogReader;
  readonly counts: DeliveryCounts;
  readonly reads: RoomReads;
  readonly registry: RoomRegistry;
  /** Told of each conversation that comes to have a gate here. */
  readonly onLive?: (conversationId: string) => void;
  readonly limits?: DeliveryLimits;
};

/**
 * The gates of all conversations that are live on this server, and the users whom they let through to. Everything that
 * is to be delivered here passes `accept`, the entries of this server's own senders too. Who is in a direct conversation
 * its id says; rooms have more to them, and `rooms` knows it.
 */
export class Gates {
  /** Of rooms without a gate too: a feed that is still reading has no place at one yet. */
  readonly roomCursors = new RoomCursorVersions();
  readonly #log: LogReader;
  readonly #counts: DeliveryCounts;
  readonly #gates = new Map<string, Gate>();
  readonly #users = new LocalUsers();
  readonly #undecided = new Map<string, Undecided>();
  readonly #onLive: (conversationId: string) => void;
  readonly limits: DeliveryLimits;
  readonly rooms: RoomGates;

  constructor({ log, counts, reads, registry, onLive = () => undefined, limits = DELIVERY_LIMITS }: GatesParts) {
    this.#log = log;
    this.#counts = counts;
    this.#onLive = onLive;
    this.limits = limits;
    this.rooms = new RoomGates({ users: this.#users, reads, registry, log, counts, limits, onLive });
  }

  get size(): number {
    return this.#gates.size + this.rooms.size;
  }

  /** Users with a feed here that has begun. */
  users(): IterableIterator<LocalUser> {
    return this.#users.listening();
  }

  gateOf(conversationId: string): Gate | undefined {
    return isRoom(conversationId) ? this.rooms.gateOf(conversationId) : this.#gates.get(conversationId);
  }

  positionOf(conversationId: string): number {
    return isRoom(conversationId) ? this.rooms.positionOf(conversationId) : (this.#gates.get(conversationId)?.position ?? 0);
  }

  /** The local user to attach a feed to; made if there is none. */
  user(userNo: number, userId: string): LocalUser {
    return this.#users.open(userNo, userId);
  }

  /** To be called after a feed left. */
  release(user: LocalUser): void {
    if (user.feeds.size > 0) return;
    setTimeout(() => this.#dropIfGone(user), LINGER_MS).unref();
  }

  /**
   * A feed has read where this direct conversation's log ends, and hands over everything up to there by itself. A new
   * gate starts at the lowest position of anyone here ([G2]).
   */
  join(row: ConversationPosition, user: LocalUser, feed: Feed): void {
    let gate = this.#gates.get(row.conversationId);
    if (gate === undefined) {
      gate = this.#make(row, this.#othersAreLive(row.conversationId, feed) ? 0 : row.lastSeq);
    }
    user.enter(gate);
    gate.reach(row.lastSeq);
  }

  accept(entry: LogEntry): void {
    if (isRoom(entry.conversationId)) {
      this.rooms.accept(entry);
      return;
    }
    const gate = this.#gates.get(entry.conversationId) ?? this.#gateOfNew(entry);
    if (gate !== undefined) gate.accept(entry);
    else this.#undecided.get(entry.conversationId)?.add(entry);
  }

  /** The conversation's log is known to reach `seq`. Answers how many entries were missing here. */
  reached(conversation: Conversation, seq: number): number {
    if (isRoom(conversation.conversationId)) return this.rooms.reached(conversation, seq);
    const gate = this.#gates.get(conversation.conversationId) ?? this.#gateOfNew(conversation);
    if (gate !== undefined) return gate.reach(seq);
    this.#undecided.get(conversation.conversationId)?.reach(seq);
    return 0;
  }

  /** Brings it to those whom its kind concerns; those who look at a room are not among them, see `RoomFeeds`. */
  signal(signal: Signal): void {
    const { conversationId, kind, from } = signal;
    if (kind === 'not-read') return;
    if (kind === 'own-read') {
      this.#users.get(from)?.onSignal(signal);
      return;
    }
    const gate = this.gateOf(conversationId);
    if (signal.version > 0 && isRoom(conversationId)) this.roomCursors.passed(conversationId, signal.version);
    // In a direct one not the gate's members: a feed that is still reading takes part as well.
    const members = isRoom(conversationId) ? (gate?.members ?? []) : this.#membersHere(conversationId);
    for (const user of members) if (kind === 'read' || user.userId !== from) user.onSignal(signal);
  }

  /**
   * The gate of a direct conversation that nobody here knew, or nothing if nobody here is in it, or if a feed that is
   * still reading may know it: then what came waits for that.
   */
  #gateOfNew({ conversationId, conversationNo }: Conversation): Gate | undefined {
    if (this.#undecided.has(conversationId)) return undefined;
    const members = this.#membersHere(conversationId);
    if (members.length === 0) return undefined;
    const conversation = { conversationId, conversationNo };
    const pending = members.flatMap((user) => [...user.feeds].flatMap((feed) => feed.snapshotPending ?? []));
    if (pending.length > 0) {
      this.#undecided.set(conversationId, new Undecided(this.limits));
      void Promise.all(pending).then(() => this.#decide(conversation));
      return undefined;
    }
    // Live feeds that do not know it are at its beginning.
    return this.#make(conversation, 0);
  }

  #decide(conversation: Conversation): void {
    const undecided = this.#undecided.get(conversation.conversationId);
    this.#undecided.delete(conversation.conversationId);
    undecided?.drain((entry) => this.accept(entry), (seq) => this.reached(conversation, seq));
  }

  #make(conversation: Conversation, position: number): Gate {
    const { conversationId } = conversation;
    const gate = new Gate({ conversation, position, since: 0, log: this.#log, counts: this.#counts, limits: this.limits });
    this.#gates.set(conversationId, gate);
    for (const user of this.#membersHere(conversationId)) user.enter(gate);
    this.#onLive(conversationId);
    return gate;
  }

  #membersHere(conversationId: string): LocalUser[] {
    const parsed = parseConversationId(conversationId);
    if (parsed?.kind !== 'direct') return [];
    const ids = parsed.a === parsed.b ? [parsed.a] : [parsed.a, parsed.b];
    return ids.flatMap((id) => this.#users.get(id) ?? []).filter((user) => user.isListening);
  }

  #othersAreLive(conversationId: string, feed: Feed): boolean {
    return this.#membersHere(conversationId).some((user) => [...user.feeds].some((other) => other !== feed && other.live));
  }

  #dropIfGone(user: LocalUser): void {
    if (user.feeds.size > 0 || !this.#users.has(user)) return;
    const gates = [...user.gates];
    if (gates.some((gate) => !gate.idle && !isRoom(gate.conversation.conversationId))) {
      this.release(user);
      return;
    }
    this.#users.delete(user);
    for (const gate of gates) {
      const { conversationId } = gate.conversation;
      if (isRoom(conversationId)) {
        this.rooms.forget(user, gate);
        continue;
      }
      user.leave(gate);
      if (gate.members.size === 0) this.#gates.delete(conversationId);
    }
  }
}
