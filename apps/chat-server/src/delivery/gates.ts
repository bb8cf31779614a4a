import { parseConversationId } from '@chat/protocol';
import type { Conversation, LogEntry } from '../conversations/log-entry.ts';
import type { LogReader } from '../conversations/log-reader.ts';
import type { DeliveryCounts } from './delivery-counts.ts';
import { DELIVERY_LIMITS, type DeliveryLimits } from './delivery-limits.ts';
import type { Feed } from './feed.ts';
import { Gate } from './gate.ts';
import { LocalUser } from './local-user.ts';
import type { Signal } from './signal.ts';

/** How long a user's gates outlive the last feed ([G4]). */
const LINGER_MS = 2_000;

type Undecided = { readonly conversation: Conversation; readonly entries: LogEntry[]; reached: number };

/**
 * The gates of all conversations that are live on this server, and the users whom they let through to. Everything that
 * is to be delivered here passes `accept`, the entries of this server's own senders too.
 */
export class Gates {
  readonly #log: LogReader;
  readonly #counts: DeliveryCounts;
  readonly #gates = new Map<string, Gate>();
  readonly #users = new Map<string, LocalUser>();
  readonly #undecided = new Map<string, Undecided>();
  readonly #onLive: (conversationId: string) => void;
  readonly limits: DeliveryLimits;

  /** `onLive` is told of each conversation that comes to have a gate here. */
  constructor(
    log: LogReader,
    counts: DeliveryCounts,
    onLive: (conversationId: string) => void = () => undefined,
    limits: DeliveryLimits = DELIVERY_LIMITS,
  ) {
    this.#log = log;
    this.#counts = counts;
    this.#onLive = onLive;
    this.limits = limits;
  }

  get size(): number {
    return this.#gates.size;
  }

  /** Users with a feed here that has begun. */
  *users(): IterableIterator<LocalUser> {
    for (const user of this.#users.values()) {
      if (user.isListening) yield user;
    }
  }

  positionOf(conversationId: string): number {
    return this.#gates.get(conversationId)?.position ?? 0;
  }

  /** The local user to attach a feed to; made if there is none. */
  user(userNo: number, userId: string): LocalUser {
    let user = this.#users.get(userId);
    if (user === undefined) {
      user = new LocalUser(userNo, userId);
      this.#users.set(userId, user);
    }
    return user;
  }

  /** To be called after a feed left. */
  release(user: LocalUser): void {
    if (user.feeds.size > 0) return;
    setTimeout(() => this.#dropIfGone(user), LINGER_MS).unref();
  }

  /**
   * A feed has read that this conversation's log reaches `lastSeq`, and hands over everything up to there by itself.
   * A new gate starts at the lowest position of anyone here ([G2]).
   */
  join(conversation: Conversation, lastSeq: number, user: LocalUser, feed: Feed): void {
    let gate = this.#gates.get(conversation.conversationId);
    if (gate === undefined) {
      gate = this.#make(conversation, this.#othersAreLive(conversation.conversationId, feed) ? 0 : lastSeq);
    }
    enter(gate, user);
    gate.reach(lastSeq);
  }

  accept(entry: LogEntry): void {
    const gate = this.#gates.get(entry.conversationId) ?? this.#gateOfNew(entry);
    if (gate !== undefined) gate.accept(entry);
    else this.#undecided.get(entry.conversationId)?.entries.push(entry);
  }

  /** The conversation's log is known to reach `seq`. Answers how many entries were missing here. */
  reached(conversation: Conversation, seq: number): number {
    const gate = this.#gates.get(conversation.conversationId) ?? this.#gateOfNew(conversation);
    if (gate !== undefined) return gate.reach(seq);
    const undecided = this.#undecided.get(conversation.conversationId);
    if (undecided !== undefined) undecided.reached = Math.max(undecided.reached, seq);
    return 0;
  }

  signal(signal: Signal): void {
    // Not the gate's members: a feed that is still reading takes part as well.
    for (const user of this.#membersHere(signal.conversationId)) {
      if (signal.kind !== 'read' && user.userId === signal.from) continue;
      user.onSignal(signal);
    }
  }

  /**
   * The gate of a conversation that nobody here knew, or nothing if nobody here is in it, or if a feed that is still
   * reading may know it: then what came waits for that.
   */
  #gateOfNew(conversation: Conversation): Gate | undefined {
    const { conversationId } = conversation;
    const undecided = this.#undecided.get(conversationId);
    if (undecided !== undefined) {
      if (undecided.entries.length >= this.limits.undecided) {
        undecided.reached = furthestOf(undecided);
        undecided.entries.length = 0; // the log has them, see #decide
      }
      return undefined;
    }
    const members = this.#membersHere(conversationId);
    if (members.length === 0) return undefined;
    const pending = members.flatMap((user) => [...user.feeds].flatMap((feed) => feed.snapshotPending ?? []));
    if (pending.length > 0) {
      this.#undecided.set(conversationId, { conversation, entries: [], reached: 0 });
      void Promise.all(pending).then(() => this.#decide(conversationId));
      return undefined;
    }
    // Live feeds that do not know it are at its beginning.
    return this.#make(conversation, 0);
  }

  #decide(conversationId: string): void {
    const undecided = this.#undecided.get(conversationId);
    if (undecided === undefined) return;
    this.#undecided.delete(conversationId);
    const reached = furthestOf(undecided);
    for (const entry of undecided.entries) this.accept(entry);
    if (reached > 0) this.reached(undecided.conversation, reached);
  }

  #make(conversation: Conversation, position: number): Gate {
    const gate = new Gate(conversation, position, this.#log, this.#counts, this.limits.waiting);
    this.#gates.set(conversation.conversationId, gate);
    for (const user of this.#membersHere(conversation.conversationId)) enter(gate, user);
    this.#onLive(conversation.conversationId);
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
    if (user.feeds.size > 0 || this.#users.get(user.userId) !== user) return;
    if ([...user.gates.keys()].some((gate) => !gate.idle)) {
      this.release(user);
      return;
    }
    this.#users.delete(user.userId);
    for (const gate of user.gates.keys()) {
      gate.members.delete(user);
      if (gate.members.size === 0) this.#gates.delete(gate.conversation.conversationId);
    }
  }
}

function furthestOf({ entries, reached }: Undecided): number {
  return entries.reduce((furthest, entry) => Math.max(furthest, entry.seq), reached);
}

function enter(gate: Gate, user: LocalUser): void {
  gate.members.add(user);
  if (!user.gates.has(gate)) user.gates.set(gate, gate.position);
}
