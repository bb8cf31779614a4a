import type { CursorStore } from '../conversations/cursor-store.port.ts';
import type { Conversation, LogEntry } from '../conversations/log-entry.ts';
import { StoreUnavailable } from '../conversations/message-store.port.ts';
import type { Signal } from '../delivery/signal.ts';

/** How often a room's numbers are told, at most. */
const TELL_MS = 1_000;
/** Entries whose numbers are told: what people look at. */
const NEWEST = 50;
/** Rooms that are remembered; past it one that nobody looks at is told anew, as to somebody who has just come. */
const REMEMBERED = 10_000;

/** The sessions of this server that look at rooms. */
export interface RoomViewers {
  hasViewers(conversationId: string): boolean;
  tellViewers(signal: Signal): void;
}

export type NotReadNewsParts = {
  readonly store: CursorStore;
  readonly viewers: RoomViewers;
  /** Members up to which each is told of all cursors. Larger rooms get numbers. */
  readonly largestTold: number;
  /** Tells all servers that somebody of the room is on, this one included. */
  readonly tellServers: (signal: Signal) => void;
  readonly onDefect: (error: unknown) => void;
};

type Room = { conversation: Conversation; told: ReadonlyMap<number, number>; timer: NodeJS.Timeout | undefined; again: boolean };

/**
 * 'Not read by N' for those who look at a large room: counted once a second at most for a room and server, whoever and
 * however many have read, and only if somebody looks; only numbers that have changed are told.
 */
export class NotReadNews {
  readonly #parts: NotReadNewsParts;
  readonly #rooms = new Map<string, Room>();
  readonly #moved = new Map<string, NodeJS.Timeout>();
  #closed = false;

  constructor(parts: NotReadNewsParts) {
    this.#parts = parts;
  }

  /** This server has moved read cursors in a room too large to tell each of them: the others hear of it once a second. */
  onMovedHere({ conversationId, conversationNo }: Conversation): void {
    if (this.#closed || this.#moved.has(conversationId)) return;
    const timer = setTimeout(() => {
      this.#moved.delete(conversationId);
      const body = Buffer.from(JSON.stringify({ conversationNo }));
      this.#parts.tellServers({ kind: 'not-read', conversationId, from: '', version: 0, body });
    }, TELL_MS);
    this.#moved.set(conversationId, timer);
  }

  /** Some server has moved them. */
  onSignal({ kind, conversationId, body }: Signal): void {
    if (kind !== 'not-read') return;
    const { conversationNo } = JSON.parse(body.toString()) as { conversationNo: number }; // written by `onMovedHere`
    this.onChanged({ conversationId, conversationNo });
  }

  /** Read cursors moved, or members came or went. */
  onChanged(conversation: Conversation): void {
    const { conversationId } = conversation;
    if (this.#closed || !this.#parts.viewers.hasViewers(conversationId)) return;
    let room = this.#rooms.get(conversationId);
    if (room === undefined) {
      room = { conversation, told: new Map(), timer: undefined, again: false };
      this.#rooms.set(conversationId, room);
      this.#forgetOldest();
    }
    if (room.timer !== undefined) room.again = true;
    else this.#tellSoon(room);
  }

  /** Who joined has read nothing of what comes; who left does not count. A message is unread by all. */
  onEntry(entry: LogEntry): void {
    if (entry.type !== 'CHAT' && entry.type !== 'JOIN' && entry.type !== 'LEAVE') return;
    if (entry.conversationId.startsWith('room:')) this.onChanged(entry);
  }

  close(): void {
    this.#closed = true;
    for (const room of this.#rooms.values()) clearTimeout(room.timer);
    for (const timer of this.#moved.values()) clearTimeout(timer);
    this.#rooms.clear();
    this.#moved.clear();
  }

  #tellSoon(room: Room): void {
    room.again = false;
    room.timer = setTimeout(() => {
      void this.#tell(room)
        .catch((error: unknown) => {
          if (error instanceof StoreUnavailable) room.again = true;
          else this.#parts.onDefect(error);
        })
        .then(() => {
          room.timer = undefined;
          if (room.again && !this.#closed) this.#tellSoon(room);
        });
    }, TELL_MS);
  }

  async #tell(room: Room): Promise<void> {
    const { store, viewers, largestTold } = this.#parts;
    const { conversation } = room;
    if (!viewers.hasViewers(conversation.conversationId)) {
      this.#rooms.delete(conversation.conversationId);
      return;
    }
    if ((await store.memberCount(conversation)) <= largestTold) return;
    const seqs = await store.newestChats(conversation, NEWEST);
    const counts = await store.notReadOf(conversation, seqs);
    const now = new Map(seqs.map((seq, i) => [seq, counts[i] ?? 0]));
    const changed = [...now].filter(([seq, count]) => room.told.get(seq) !== count).sort(([a], [b]) => a - b);
    room.told = now;
    if (changed.length > 0 && !this.#closed) viewers.tellViewers(notReadSignal(conversation.conversationId, changed));
  }

  #forgetOldest(): void {
    for (const [conversationId, room] of this.#rooms) {
      if (this.#rooms.size <= REMEMBERED) return;
      clearTimeout(room.timer);
      this.#rooms.delete(conversationId);
    }
  }
}

function notReadSignal(conversationId: string, notRead: readonly (readonly [number, number])[]): Signal {
  const body = { type: 'READ', conversationId, roomId: conversationId.slice('room:'.length), notRead };
  return { kind: 'not-read', conversationId, from: '', version: 0, body: Buffer.from(JSON.stringify(body)) };
}
