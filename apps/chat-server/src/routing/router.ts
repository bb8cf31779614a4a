import type { Publisher } from '../bus/publisher.ts';
import type { Conversation, LogEntry } from '../conversations/log-entry.ts';
import type { Signal } from '../delivery/signal.ts';
import type { Directory } from '../directory/directory.port.ts';
import { Targets, without } from './targets.ts';

/** The receiving side on this server, as routing needs it. */
export interface LocalDelivery {
  accept(entry: LogEntry): void;
  signal(signal: Signal): void;
}

export type RouterParts = {
  readonly serverId: string;
  readonly directory: Directory;
  readonly publisher: Publisher;
  readonly local: LocalDelivery;
};

/** Conversations that may be routed without the directory before only a full catch-up mends it. */
const UNROUTED_LIMIT = 100_000;

/**
 * Brings committed entries to the people's sessions: those here at once, every other server that holds one of theirs
 * by one publish. The look-up comes after the commit and is fresh ([R1]): together with sessions that register before
 * they read the log, either the look-up sees the session or the session's read sees the entry. A room goes to the servers
 * in its set ([R2]), whoever and however many its members are.
 */
export class Router {
  readonly #parts: RouterParts;
  readonly #targets: Targets;
  /** Routed by guess while the directory was away: announced again when it answers. One number for each. */
  readonly #unrouted = new Map<string, Conversation & { readonly seq: number }>();

  constructor(parts: RouterParts) {
    this.#parts = parts;
    this.#targets = new Targets(parts.directory, parts.serverId);
  }

  onCommitted(entries: readonly LogEntry[]): void {
    for (const entry of entries) this.#parts.local.accept(entry);
    void this.#publish(entries);
  }

  /** A signal to the members of its conversation; lost if it cannot be routed now. */
  onSignals(signals: readonly Signal[]): void {
    for (const signal of signals) this.#parts.local.signal(signal);
    void this.#publishSignals(signals);
  }

  /** The directory answers again: tell everyone what was routed by guess meanwhile. */
  onDirectoryBack(): void {
    const unrouted = [...this.#unrouted.values()];
    this.#unrouted.clear();
    for (const one of unrouted) this.#parts.publisher.announce(this.#others(this.#parts.directory.liveServers), one);
  }

  async #publish(entries: readonly LogEntry[]): Promise<void> {
    let targets: readonly (readonly string[])[];
    try {
      targets = await this.#targets.of(entries);
    } catch {
      // The directory says by itself that it is away; every server alive gets it and drops what it has no session for.
      for (const entry of entries) this.#routeByGuess(entry);
      return;
    }
    entries.forEach((entry, i) => this.#parts.publisher.send(targets[i] ?? [], { kind: 'entry', entry }));
  }

  #routeByGuess(entry: LogEntry): void {
    const { directory, publisher } = this.#parts;
    publisher.send(this.#others(directory.liveServers), { kind: 'entry', entry });
    if (this.#unrouted.size < UNROUTED_LIMIT || this.#unrouted.has(entry.conversationId)) {
      const { conversationId, conversationNo, seq } = entry;
      this.#unrouted.set(conversationId, { conversationId, conversationNo, seq });
    }
  }

  async #publishSignals(signals: readonly Signal[]): Promise<void> {
    let targets: readonly (readonly string[])[];
    try {
      targets = await this.#targets.of(signals);
    } catch {
      return; // cursors are state that sessions read when they resume; typing ends by itself
    }
    signals.forEach((signal, i) => this.#parts.publisher.send(targets[i] ?? [], { kind: 'signal', signal }));
  }

  #others(serverIds: readonly string[]): readonly string[] {
    return without(serverIds, this.#parts.serverId);
  }
}
