import type { Conversation, LogEntry } from '../conversations/log-entry.ts';
import type { Signal } from '../delivery/signal.ts';

/** What takes what arrives on this server, of its own sends and by the bus. */
export interface Arrivals {
  accept(entry: LogEntry): void;
  reached(conversation: Conversation, seq: number): void;
  signal(signal: Signal): void;
}

/** Hands what arrives to delivery first, then to whoever else has to know of it. */
export class LocalArrivals implements Arrivals {
  readonly #delivery: Arrivals;
  readonly #onEntry: (entry: LogEntry) => void;
  readonly #onSignal: (signal: Signal) => void;

  constructor(delivery: Arrivals, onEntry: (entry: LogEntry) => void, onSignal: (signal: Signal) => void = () => undefined) {
    this.#delivery = delivery;
    this.#onEntry = onEntry;
    this.#onSignal = onSignal;
  }

  accept(entry: LogEntry): void {
    this.#delivery.accept(entry);
    this.#onEntry(entry);
  }

  reached(conversation: Conversation, seq: number): void {
    this.#delivery.reached(conversation, seq);
  }

  signal(signal: Signal): void {
    this.#delivery.signal(signal);
    this.#onSignal(signal);
  }
}
