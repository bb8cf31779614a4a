import type { Conversation, EntryType, LogEntry } from '../conversations/log-entry.ts';
import { entryId } from '../conversations/log-entry.ts';
import type { LogReader } from '../conversations/log-reader.ts';
import type { ConversationPosition } from '../conversations/message-store.port.ts';
import { isRoom } from './conversation-kind.ts';
import { cursorSignal } from './cursor-book.ts';
import { newDeliveryCounts, type DeliveryCounts } from './delivery-counts.ts';
import type { DeliveryLimits } from './delivery-limits.ts';
import type { FeedSource } from './feed.ts';
import { Gates } from './gates.ts';
import { RoomReads, type RoomAccess, type RoomMembership, type RoomSnapshot, type RoomStore } from './room-reads.ts';
import { RoomRegistry, type RoomDirectory } from './room-registry.ts';

type Membership = { readonly userId: string; readonly joinedSeq: number; leftSeq: number | null };

/** A log in memory whose answers take as long as the test says (fake time). */
export class ScriptedLog implements LogReader, RoomStore {
  readonly entries = new Map<string, LogEntry[]>();
  readonly reads: string[] = [];
  /** What retention has left: the first seq of each log. */
  readonly keptFrom = new Map<string, number>();
  /** Rooms that anybody may look at. */
  readonly publicRooms = new Set<string>();
  /** Versions of cursors, and those that the device knows. */
  versions = new Map<string, readonly [number, number]>();
  /** Ms until a read sees the log, and until its answer arrives. */
  delays: () => readonly [number, number] = () => [1, 1];
  readonly #memberships = new Map<string, Membership[]>();
  readonly #users: string[] = [];

  conversation(conversationId: string): Conversation {
    if (!this.entries.has(conversationId)) this.entries.set(conversationId, []);
    return { conversationId, conversationNo: [...this.entries.keys()].indexOf(conversationId) + 1 };
  }

  numberOf(userId: string): number {
    if (!this.#users.includes(userId)) this.#users.push(userId);
    return this.#users.indexOf(userId) + 1;
  }

  append(conversationId: string, from = 'anna', type: EntryType = 'CHAT'): LogEntry {
    const conversation = this.conversation(conversationId);
    const log = this.of(conversationId);
    const seq = log.length + 1;
    const id = entryId(1_000 + seq, conversation.conversationNo, seq);
    const entry: LogEntry = { ...conversation, seq, id, from, type, body: Buffer.from(`${conversationId}/${seq}`) };
    log.push(entry);
    return entry;
  }

  join(conversationId: string, userId: string): LogEntry {
    if (this.isMember(conversationId, userId)) throw new Error(`${userId} is in ${conversationId} already.`);
    const entry = this.append(conversationId, userId, 'JOIN');
    this.membershipsOf(conversationId).push({ userId, joinedSeq: entry.seq - 1, leftSeq: null });
    return entry;
  }

  leave(conversationId: string, userId: string): LogEntry {
    const membership = this.membershipsOf(conversationId).find((one) => one.userId === userId && one.leftSeq === null);
    if (membership === undefined) throw new Error(`${userId} is not in ${conversationId}.`);
    const entry = this.append(conversationId, userId, 'LEAVE');
    membership.leftSeq = entry.seq;
    return entry;
  }

  isMember(conversationId: string, userId: string): boolean {
    return this.membershipsOf(conversationId).some((one) => one.userId === userId && one.leftSeq === null);
  }

  membershipsOf(conversationId: string): Membership[] {
    let memberships = this.#memberships.get(conversationId);
    if (memberships === undefined) {
      memberships = [];
      this.#memberships.set(conversationId, memberships);
    }
    return memberships;
  }

  of(conversationId: string): LogEntry[] {
    return this.entries.get(conversationId) ?? [];
  }

  lastSeq(conversationId: string): number {
    return this.of(conversationId).length;
  }

  /** Whether the next read fails. */
  failing: () => boolean = () => false;

  async read(conversation: Conversation, after: number, upTo: number): Promise<readonly LogEntry[]> {
    this.reads.push(`${conversation.conversationId} ${after}-${upTo}`);
    return this.#slowly(() => {
      if (this.failing()) throw new Error('The log cannot be read.');
      const { conversationId } = conversation;
      const from = Math.max(after, (this.keptFrom.get(conversationId) ?? 1) - 1);
      return this.of(conversationId).slice(from, Math.min(upTo, from + 7));
    });
  }

  roomSnapshot({ conversationId }: Conversation, userNos: readonly number[]): Promise<RoomSnapshot> {
    this.reads.push(`${conversationId} members`);
    return this.#slowly(() => ({
      lastSeq: this.lastSeq(conversationId),
      members: this.membershipsOf(conversationId)
        .map(({ userId, joinedSeq, leftSeq }): RoomMembership => ({ userNo: this.numberOf(userId), joinedSeq, leftSeq }))
        .filter(({ userNo }) => userNos.includes(userNo)),
    }));
  }

  roomAccess(roomId: string, userNo: number): Promise<RoomAccess | undefined> {
    const conversationId = `room:${roomId}`;
    return this.#slowly(() => {
      const membership = this.membershipsOf(conversationId).find((one) => this.numberOf(one.userId) === userNo && one.leftSeq === null);
      const isPublic = this.publicRooms.has(conversationId);
      if (!this.entries.has(conversationId) || (!isPublic && membership === undefined)) return undefined;
      const readFrom = isPublic ? 0 : (membership?.joinedSeq ?? 0);
      return { conversation: this.conversation(conversationId), lastSeq: this.lastSeq(conversationId), public: isPublic, member: membership !== undefined, readFrom };
    });
  }

  /** What a feed of this user reads when it goes live; `cursors` are those of its device. */
  source(userId: string, cursors: ReadonlyMap<string, number> = new Map()): FeedSource {
    return {
      positions: () => this.#slowly(() => [...this.entries.keys()].flatMap((id) => this.#positionsIn(id, userId, cursors))),
      cursorSignals: (conversations) =>
        Promise.resolve(conversations.map(({ conversationId }) => cursorSignal('READ', conversationId, 'peer', 1, 1))),
    };
  }

  #positionsIn(conversationId: string, userId: string, cursors: ReadonlyMap<string, number>): ConversationPosition[] {
    const direct = conversationId.startsWith(`direct:${userId}:`) || conversationId.endsWith(`:${userId}`);
    const whole = direct ? [{ userId, joinedSeq: 0, leftSeq: null }] : [];
    const memberships = isRoom(conversationId) ? this.membershipsOf(conversationId).filter((one) => one.userId === userId) : whole;
    const [cursorVersion, knownCursorVersion] = this.versions.get(conversationId) ?? [0, 0];
    return memberships.map(({ joinedSeq, leftSeq }) => ({
      ...this.conversation(conversationId),
      lastSeq: this.lastSeq(conversationId),
      joinedSeq,
      leftSeq,
      deliveredSeq: Math.max(joinedSeq, Math.min(cursors.get(conversationId) ?? 0, this.lastSeq(conversationId))),
      cursorVersion,
      knownCursorVersion,
    }));
  }

  async #slowly<Answer>(read: () => Answer): Promise<Answer> {
    const [seen, answered] = this.delays();
    await sleep(seen);
    const answer = read();
    await sleep(answered);
    return answer;
  }
}

export type ScriptedGates = {
  readonly counts?: DeliveryCounts;
  readonly limits?: DeliveryLimits;
  readonly directory?: RoomDirectory;
  /** Registered later than was waited for. */
  readonly onLate?: () => void;
};

/** The gates of a server on that log. */
export function gatesOn(log: ScriptedLog, { counts = newDeliveryCounts(), limits, directory, onLate }: ScriptedGates = {}): Gates {
  const onDefect = (error: unknown): void => {
    throw error;
  };
  const registry = new RoomRegistry(directory ?? { addRoom: () => Promise.resolve(), removeRoom: () => undefined }, onLate ?? (() => undefined));
  return new Gates({ log, counts, reads: new RoomReads(log, onDefect), registry, ...(limits === undefined ? {} : { limits }) });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
