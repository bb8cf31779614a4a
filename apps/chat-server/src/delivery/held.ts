import type { LogEntry } from '../conversations/log-entry.ts';
import type { DeliveryLimits } from './delivery-limits.ts';

/** Entries that wait until what comes before them has been read. Past its bounds it keeps none, and says so. */
export class Held {
  readonly #limits: DeliveryLimits;
  #entries: LogEntry[] = [];
  #bytes = 0;
  #overflowed = false;

  constructor(limits: DeliveryLimits) {
    this.#limits = limits;
  }

  get overflowed(): boolean {
    return this.#overflowed;
  }

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** True if that was one too many. */
  add(entry: LogEntry): boolean {
    if (this.#overflowed) return false;
    if (this.#entries.length >= this.#limits.held || this.#bytes >= this.#limits.heldBytes) {
      this.clear();
      this.#overflowed = true;
      return true;
    }
    this.#entries.push(entry);
    this.#bytes += entry.body.length;
    return false;
  }

  clear(): void {
    this.#entries = [];
    this.#bytes = 0;
    this.#overflowed = false;
  }
}
