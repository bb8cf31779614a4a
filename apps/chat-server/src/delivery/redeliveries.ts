import type { CursorStore, Unproven } from '../conversations/cursor-store.port.ts';
import type { Conversation } from '../conversations/log-entry.ts';
import { StoreUnavailable } from '../conversations/message-store.port.ts';
import type { CursorBook, DeviceRef } from './cursor-book.ts';

const FLUSH_MS = 250;
const WAITING = 10_000;
const NOTES_PER_STATEMENT = 1_000;

type Note = { readonly device: DeviceRef; readonly conversation: Conversation; readonly seq: number };

export type RedeliveriesParts = {
  readonly store: CursorStore;
  readonly cursors: CursorBook;
  readonly onDefect: (error: unknown) => void;
};

/**
 * What devices did not acknowledge comes again on their next connection, and counts as delivered once it has come too
 * often: an entry that a client cannot take would otherwise keep back all that follow. Bounded: past that a
 * connection is not counted.
 */
export class Redeliveries {
  readonly #parts: RedeliveriesParts;
  readonly #waiting = new Map<string, Note>();
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();
  /** Conversations of devices in which what had come too often counted as delivered. */
  givenUp = 0;

  constructor(parts: RedeliveriesParts) {
    this.#parts = parts;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** A subscription of the device has ended, and entries up to `seq` that it was sent are not proven to have arrived. */
  note(device: DeviceRef, conversation: Conversation, seq: number): void {
    const key = `${device.deviceNo} ${conversation.conversationNo}`;
    if (this.#waiting.size >= WAITING && !this.#waiting.has(key)) return;
    this.#waiting.set(key, { device, conversation, seq });
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  /** Writes what is there; resolves when it is stored or the store is away. Before cursors are closed: it moves some. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushing = this.#flushing.then(() => this.#flush());
    await this.#flushing;
  }

  async #flush(): Promise<void> {
    // Acknowledged just before the end: those cursors count.
    if (this.#waiting.size > 0) await this.#parts.cursors.flush();
    while (this.#waiting.size > 0) {
      const batch = [...this.#waiting].slice(0, NOTES_PER_STATEMENT);
      try {
        const exhausted = await this.#parts.store.noteUnproven(batch.map(([, note]) => unproven(note)));
        for (const [key] of batch) this.#waiting.delete(key);
        this.#giveUp(batch.map(([, note]) => note), exhausted);
      } catch (error) {
        if (error instanceof StoreUnavailable) {
          this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
          this.#timer.unref();
          return;
        }
        for (const [key] of batch) this.#waiting.delete(key);
        this.#parts.onDefect(error);
      }
    }
  }

  #giveUp(batch: readonly Note[], exhausted: readonly Unproven[]): void {
    for (const { deviceNo, conversationNo, seq } of exhausted) {
      const note = batch.find((one) => one.device.deviceNo === deviceNo && one.conversation.conversationNo === conversationNo);
      if (note === undefined) continue;
      this.givenUp++;
      this.#parts.cursors.delivered(note.device, note.conversation, seq, 0, false);
    }
  }
}

function unproven({ device, conversation, seq }: Note): Unproven {
  return { deviceNo: device.deviceNo, conversationNo: conversation.conversationNo, seq };
}
