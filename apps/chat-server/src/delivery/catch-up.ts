import type { Conversation } from '../conversations/log-entry.ts';
import type { MessageStore } from '../conversations/message-store.port.ts';
import { StoreUnavailable } from '../conversations/message-store.port.ts';
import { isRoom } from './conversation-kind.ts';
import type { DeliveryCounts } from './delivery-counts.ts';
import type { Gates } from './gates.ts';
import type { RoomReads } from './room-reads.ts';

const USERS_PER_READ = 200;
const SWEEP_MS = 30_000;
const RETRY_MS = 500;

/** Up to where a conversation concerns somebody here. */
type LogEnd = Conversation & { readonly seq: number };

/** Tells cursors again where news of them may have been lost ([S4]). Rejects with `StoreUnavailable`. */
export interface CursorsAgain {
  run(userNos: readonly number[]): Promise<void>;
  onPassEnded(): void;
}

export type CatchUpParts = {
  readonly gates: Gates;
  readonly store: MessageStore;
  readonly counts: DeliveryCounts;
  readonly rooms: RoomReads;
  readonly cursors?: CursorsAgain;
  readonly onDefect: (error: unknown) => void;
};

/**
 * Compares where the logs end with what has passed here, for everyone with a session on this server ([C1]): asked by
 * users, not by gates, because a conversation that nobody here has heard of has no gate. One code for every occasion on
 * which something may have been lost, and, slowly, for the case that nobody noticed.
 */
export class CatchUp {
  readonly #parts: CatchUpParts;
  #running: Promise<void> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(parts: CatchUpParts) {
    this.#parts = parts;
    this.#planSweep();
  }

  /**
   * Something may have been lost before now. `withinMs` spreads the reads of many servers. Resolves once everything
   * that was committed before the call has been announced to the gates.
   */
  async run(withinMs = 0): Promise<void> {
    if (withinMs > 0) {
      await new Promise<void>((resolve) => {
        this.#timer = setTimeout(resolve, Math.random() * withinMs);
      });
    }
    if (this.#stopped) return;
    if (this.#running === undefined) {
      this.#running = this.#loop();
    } else {
      this.#again = true;
    }
    await this.#running;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#sweep);
  }

  async #loop(): Promise<void> {
    try {
      do {
        this.#again = false;
        await this.#readAll();
      } while (this.#again && !this.#stopped);
    } finally {
      // In the same step as the last look at `again`: who comes from now on starts another.
      this.#running = undefined;
    }
  }

  async #readAll(): Promise<void> {
    for await (const ends of this.#pages()) {
      for (const end of ends) this.#parts.gates.reached(end, end.seq);
    }
  }

  /** Where the logs end of all conversations of those who are here, and of rooms that are only looked at. */
  async *#pages(): AsyncIterable<readonly LogEnd[]> {
    const { gates, store, rooms, cursors } = this.#parts;
    const users = [...gates.users()].map((user) => user.userNo);
    /** Rooms of which the end of the log is known by a member. */
    const answered = new Set<string>();
    for (let i = 0; i < users.length && !this.#stopped; i += USERS_PER_READ) {
      const page = users.slice(i, i + USERS_PER_READ);
      const ends = (await this.#whenThere(() => store.lastSeqs(page))) ?? [];
      // Nothing above a LEAVE concerns those who were asked for.
      for (const end of ends) if (end.leftSeq === null && isRoom(end.conversationId)) answered.add(end.conversationId);
      yield ends.map((end) => ({ ...end, seq: end.leftSeq ?? end.lastSeq }));
      await this.#whenThere(async () => cursors?.run(page));
    }
    cursors?.onPassEnded();
    for (const { conversation } of [...gates.rooms.watched()]) {
      if (this.#stopped) return;
      if (answered.has(conversation.conversationId)) continue;
      yield [{ ...conversation, seq: (await rooms.snapshot(conversation, [])).lastSeq }];
    }
  }

  /** Asks until the store answers; nothing once this has been stopped. */
  async #whenThere<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
    while (!this.#stopped) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    return undefined;
  }

  /** The bound on any silence: what only this finds is counted, and above zero is a defect. */
  #planSweep(): void {
    this.#sweep = setTimeout(() => {
      void this.#sweepOnce()
        .catch(this.#parts.onDefect)
        .finally(() => {
          if (!this.#stopped) this.#planSweep();
        });
    }, SWEEP_MS * (0.75 + Math.random() / 2));
    this.#sweep.unref();
  }

  async #sweepOnce(): Promise<void> {
    // Entries on their way between commit and gate are no finding: only what is missing twice in a row is.
    const suspicious = await this.#missingNow();
    if (suspicious.size === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    for (const [conversation, seq] of suspicious) {
      // None, where a session that is opening reads it by itself.
      this.#parts.counts.foundBySweep += this.#parts.gates.reached(conversation, seq);
    }
  }

  async #missingNow(): Promise<ReadonlyMap<Conversation, number>> {
    const missing = new Map<Conversation, number>();
    for await (const ends of this.#pages()) {
      for (const end of ends) if (end.seq > this.#parts.gates.positionOf(end.conversationId)) missing.set(end, end.seq);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return missing;
  }
}
