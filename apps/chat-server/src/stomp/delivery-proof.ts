import type { Conversation, LogEntry } from '../conversations/log-entry.ts';
import type { Signal } from '../delivery/signal.ts';

/** `foreign`: there is an entry by somebody else in it. */
type Reached = { readonly conversation: Conversation; seq: number; version: number; foreign: boolean };

/**
 * What was written to a connection and is not yet proven to have arrived. Writing proves nothing; but TCP delivers in
 * order and each ping is answered, so a pong proves everything written before its ping.
 */
export class DeliveryProof {
  #written = new Map<string, Reached>();
  #pinged: Map<string, Reached> | undefined;

  /** `foreign`: written by somebody else than who reads it here. */
  onEntry(entry: LogEntry, foreign: boolean): void {
    const reached = this.#written.get(entry.conversationId);
    if (reached === undefined) this.#written.set(entry.conversationId, { conversation: entry, seq: entry.seq, version: 0, foreign });
    else {
      reached.seq = Math.max(reached.seq, entry.seq);
      reached.foreign ||= foreign;
    }
  }

  /** Cursors of others are proven along with the entries of their conversation. */
  onSignal(signal: Signal): void {
    const reached = this.#written.get(signal.conversationId);
    if (reached !== undefined) reached.version = Math.max(reached.version, signal.version);
  }

  /** Something is unproven and no ping is on its way. */
  get wantsPing(): boolean {
    return this.#pinged === undefined && this.#written.size > 0;
  }

  onPing(): void {
    this.#pinged = this.#written;
    this.#written = new Map();
  }

  /** What the answered ping proves. */
  onPong(): Iterable<Reached> {
    const proven = this.#pinged?.values() ?? [];
    this.#pinged = undefined;
    return proven;
  }
}
