export type EntryKind = 'user' | 'room';

/** One entry of this server in the directory, as it shall be. */
export type WantedEntry = { readonly kind: EntryKind; readonly id: string; readonly wanted: boolean };

type Entry = {
  readonly kind: EntryKind;
  readonly id: string;
  wanted: boolean;
  written: boolean;
  waiting: PromiseWithResolvers<void> | undefined;
};

/**
 * What this server wants the directory to say of it, and what of that is not written yet. There is one writer, which
 * takes a batch, writes it and reports before it takes the next; so two writes of one entry are never on the way at
 * once, and the last wish wins.
 *
 * Bounded by this server's users and rooms: one entry for each that is wanted, or whose removal is not written yet.
 */
export class WantedEntries {
  readonly #entries = new Map<string, Entry>();
  /** In the order in which they are to be written. */
  readonly #unwritten = new Set<Entry>();
  #beingWritten: readonly Entry[] = [];
  #endedBy: Error | undefined;

  get settled(): boolean {
    return this.#unwritten.size === 0 && this.#beingWritten.length === 0;
  }

  /** Whether there is something to take. */
  get hasUnwritten(): boolean {
    return this.#unwritten.size > 0;
  }

  /** Resolves when the entry is written. */
  add(kind: EntryKind, id: string): Promise<void> {
    if (this.#endedBy !== undefined) return handled(Promise.reject(this.#endedBy));
    const key = keyOf(kind, id);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { kind, id, wanted: false, written: false, waiting: undefined };
      this.#entries.set(key, entry);
    }
    if (!entry.wanted) this.#wish(entry, true);
    if (entry.written) return Promise.resolve();
    entry.waiting ??= Promise.withResolvers<void>();
    return handled(entry.waiting.promise);
  }

  remove(kind: EntryKind, id: string): void {
    const entry = this.#entries.get(keyOf(kind, id));
    if (entry?.wanted === true) this.#wish(entry, false);
  }

  removeAll(): void {
    for (const entry of this.#entries.values()) if (entry.wanted) this.#wish(entry, false);
  }

  /** The next to be written, at most `max`; to be followed by `written` or `notWritten`. */
  take(max: number): readonly WantedEntry[] {
    const batch: Entry[] = [];
    for (const entry of this.#unwritten) {
      if (batch.length === max) break;
      this.#unwritten.delete(entry);
      batch.push(entry);
    }
    this.#beingWritten = batch;
    return batch.map(({ kind, id, wanted }) => ({ kind, id, wanted }));
  }

  /** The batch is written. What was wished otherwise meanwhile is in line again already. */
  written(): void {
    for (const entry of this.#beingWritten) {
      if (this.#unwritten.has(entry)) continue;
      entry.written = true;
      if (!entry.wanted) this.#entries.delete(keyOf(entry.kind, entry.id));
      entry.waiting?.resolve();
      entry.waiting = undefined;
    }
    this.#beingWritten = [];
  }

  /** The batch is not, or not knowingly, written: it is written again, which does no harm. */
  notWritten(): void {
    for (const entry of this.#beingWritten) this.#unwritten.add(entry);
    this.#beingWritten = [];
  }

  /** The directory has forgotten: everything is to be written anew. */
  forgetWritten(): void {
    this.notWritten();
    for (const entry of this.#entries.values()) {
      entry.written = false;
      this.#unwritten.add(entry);
    }
  }

  /** Nothing more will be written: whoever waits is told so. */
  end(error: Error): void {
    this.#endedBy = error;
    for (const entry of this.#entries.values()) {
      entry.waiting?.reject(error);
      entry.waiting = undefined;
    }
    this.#entries.clear();
    this.#unwritten.clear();
  }

  #wish(entry: Entry, wanted: boolean): void {
    entry.wanted = wanted;
    entry.written = false;
    this.#unwritten.add(entry);
  }
}

/** The end of this server's part is told elsewhere; who does not wait for an entry need not hear it here. */
function handled(promise: Promise<void>): Promise<void> {
  promise.catch(() => undefined);
  return promise;
}

function keyOf(kind: EntryKind, id: string): string {
  return `${kind}:${id}`;
}
