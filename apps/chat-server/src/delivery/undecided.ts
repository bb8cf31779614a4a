import type { LogEntry } from '../conversations/log-entry.ts';
import type { DeliveryLimits } from './delivery-limits.ts';

/** What came of a conversation while it was not known whether somebody here is in it. Bounded: past that, one number. */
export class Undecided {
  readonly #limits: DeliveryLimits;
  #entries: LogEntry[] = [];
  #bytes = 0;
  /** Announced, or dropped at the bound: to be read from the log. */
  #reached = 0;

  constructor(limits: DeliveryLimits) {
    this.#limits = limits;
  }

  add(entry: LogEntry): void {
    if (this.#entries.length >= this.#limits.undecided || this.#bytes >= this.#limits.undecidedBytes) {
      for (const { seq } of this.#entries) this.reach(seq);
      this.reach(entry.seq);
      this.#clear();
      return;
    }
    this.#entries.push(entry);
    this.#bytes += entry.body.length;
  }

  reach(seq: number): void {
    this.#reached = Math.max(this.#reached, seq);
  }

  /** Hands over what came, and then how far it reached. */
  drain(accept: (entry: LogEntry) => void, reached: (seq: number) => void): void {
    const entries = this.#entries;
    this.#clear();
    for (const entry of entries) accept(entry);
    if (this.#reached > 0) reached(this.#reached);
  }

  #clear(): void {
    this.#entries = [];
    this.#bytes = 0;
  }
}
