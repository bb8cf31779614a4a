import type { Entry } from '@chat/protocol';

/** Every entry that anyone has seen, by conversation and `seq`. */
export class ObservedLogs {
  readonly #logs = new Map<string, Map<number, Entry>>();

  add(entry: Entry): void {
    let log = this.#logs.get(entry.conversationId);
    if (!log) this.#logs.set(entry.conversationId, (log = new Map<number, Entry>()));
    // The first form counts: what history shows has its changes applied.
    if (!log.has(entry.seq)) log.set(entry.seq, entry);
  }

  /** In rising order. */
  entries(conversation: string): readonly Entry[] {
    return [...(this.#logs.get(conversation)?.values() ?? [])].sort((a, b) => a.seq - b.seq);
  }

  top(conversation: string): number {
    return Math.max(0, ...(this.#logs.get(conversation)?.keys() ?? []));
  }

  /** The user's present membership begins there; undefined for who is no member. Of direct conversations it is 1. */
  memberSince(conversation: string, user: string): number | undefined {
    if (conversation.startsWith('direct:')) return conversation.split(':').includes(user) ? 1 : undefined;
    const last = this.entries(conversation).findLast(({ type, from }) => from === user && (type === 'JOIN' || type === 'LEAVE'));
    return last?.type === 'JOIN' ? last.seq : undefined;
  }

  conversations(): readonly string[] {
    return [...this.#logs.keys()];
  }
}
