import { type ChatMessage, type Entry, type ErrorBody, roomTopic } from '@chat/protocol';
import { RequestError } from '../api/request-error.ts';
import type { StompConnection } from '../connection/transport.port.ts';
import { isEntry } from '../delivery/parse-message.ts';
import type { Clock } from '../platform/clock.ts';

/** Who looks at a room. */
export interface RoomWatcher {
  /** Each entry behind the one that it began with, once, by rising `seq`. */
  entry(entry: Entry): void;
  /** Nothing more comes: one left the room, or (`refusal`) may not look at it. */
  ended(refusal?: RequestError): void;
}

type Watch = { readonly roomId: string; readonly watcher: RoomWatcher; seq: number };

const ID_PREFIX = 'room-';

/** Codes that say nothing about the room: it may well be shown a moment later. */
const WORTH_REPEATING: ReadonlySet<string> = new Set(['rate-limited', 'unavailable']);
const REPEAT_AFTER_MS = 1_000;

/**
 * Rooms that are looked at through `/topic/rooms.{roomId}`, which needs no membership of public ones: live, and after a
 * lost connection from the last entry that came.
 */
export class RoomWatches {
  readonly #self: string;
  readonly #clock: Clock;
  /** By the id of the subscription. */
  readonly #watches = new Map<string, Watch>();
  #connection: StompConnection | undefined;
  #count = 0;

  constructor(self: string, clock: Clock) {
    this.#self = self;
    this.#clock = clock;
  }

  /** Begins behind the entry at `after`, with the next connection if there is none. The answer ends it. */
  watch(roomId: string, after: number, watcher: RoomWatcher): () => void {
    const id = `${ID_PREFIX}${++this.#count}`;
    this.#watches.set(id, { roomId, watcher, seq: after });
    this.#subscribe(id);
    return () => {
      if (this.#watches.delete(id)) this.#connection?.unsubscribe(id);
    };
  }

  opened(connection: StompConnection): void {
    this.#connection = connection;
    for (const id of this.#watches.keys()) this.#subscribe(id);
  }

  lost(): void {
    this.#connection = undefined;
  }

  /** Whether the message came by a subscription of this kind and is settled by that; signals are left to others. */
  message(subscription: string, message: ChatMessage): boolean {
    if (!subscription.startsWith(ID_PREFIX)) return false;
    if (!isEntry(message)) return false;
    const watch = this.#watches.get(subscription);
    if (!watch || message.seq <= watch.seq) return true; // ended meanwhile, or replayed
    watch.seq = message.seq;
    watch.watcher.entry(message);
    // Of a public room the server would go on. Whoever may still look watches anew, and sees it as a stranger does.
    if (message.type === 'LEAVE' && message.from === this.#self) this.#end(subscription);
    return true;
  }

  /** False if the error is about something else. */
  refused({ receipt, code, message, retryAfterMs }: ErrorBody): boolean {
    if (receipt === undefined || !this.#watches.has(receipt)) return false;
    if (!WORTH_REPEATING.has(code)) {
      this.#end(receipt, new RequestError(code, message, 0));
      return true;
    }
    const connection = this.#connection;
    this.#clock.after(retryAfterMs ?? REPEAT_AFTER_MS, () => {
      if (this.#connection === connection) this.#subscribe(receipt); // the next connection has done so itself
    });
    return true;
  }

  /** The receipt is for the name that a refusal then bears. */
  #subscribe(id: string): void {
    const watch = this.#watches.get(id);
    if (watch) this.#connection?.subscribe(id, roomTopic(watch.roomId), { after: String(watch.seq), receipt: id });
  }

  #end(id: string, refusal?: RequestError): void {
    const watch = this.#watches.get(id);
    this.#watches.delete(id);
    this.#connection?.unsubscribe(id);
    watch?.watcher.ended(refusal);
  }
}
