/**
 * Up to which version this server has been told of each conversation's cursors without a hole. Versions have no holes in
 * the store, so one that is missing here was lost on the way, or is late. One number a conversation, and a few more
 * while one is late.
 */
export class CursorVersions {
  readonly #known = new Map<string, Known>();

  get size(): number {
    return this.#known.size;
  }

  /** A session that opens has read that version. The first here does not need older ones: it reads cursors itself. */
  start(conversationId: string, version: number): void {
    if (!this.#known.has(conversationId)) this.#known.set(conversationId, { version, early: undefined, used: true });
  }

  /** This one was told here as it happened. */
  seen(conversationId: string, version: number): void {
    const known = this.#known.get(conversationId);
    if (known === undefined || version <= known.version) return;
    if (version > known.version + 1) {
      known.early ??= new Set();
      // Past the bound it counts as lost, and cursors are read once more than needed.
      if (known.early.size < EARLY) known.early.add(version);
      return;
    }
    known.version = version;
    while (known.early?.delete(known.version + 1) === true) known.version++;
    if (known.early?.size === 0) known.early = undefined;
  }

  /** The store is further than what was told here. */
  isBehind(conversationId: string, version: number): boolean {
    const known = this.#known.get(conversationId);
    if (known === undefined) return version > 0;
    known.used = true;
    return version > known.version;
  }

  /** All cursors of that version have been told to everybody here. */
  reached(conversationId: string, version: number): void {
    const known = this.#known.get(conversationId);
    if (known === undefined) this.#known.set(conversationId, { version, early: undefined, used: true });
    else if (version > known.version) {
      for (const early of known.early ?? []) if (early <= version) known.early?.delete(early);
      known.version = version;
      while (known.early?.delete(known.version + 1) === true) known.version++;
    }
  }

  /** Forgets the conversations that nobody has asked about since the last time. */
  forgetUnused(): void {
    for (const [conversationId, known] of this.#known) {
      if (known.used) known.used = false;
      else this.#known.delete(conversationId);
    }
  }
}

type Known = { version: number; early: Set<number> | undefined; used: boolean };

const EARLY = 64;
