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

  /**
   * Of cursors only what was read from the store proves a version: of those told as they moved, one before may have been
   * lost, and has to come again.
   */
  onSignal({ state }: Signal): void {
    if (state === undefined) return;
    const { conversation, version } = state;
    const reached = this.#written.get(conversation.conversationId);
    if (reached !== undefined) reached.version = Math.max(reached.version, version);
    else this.#written.set(conversation.conversationId, { conversation, seq: 0, version, foreign: false });
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
