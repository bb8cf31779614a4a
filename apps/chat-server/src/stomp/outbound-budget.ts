/** One side of a session, as far as what waits for it counts. */
export interface WaitingReader {
  /** Bytes that wait for it now. */
  readonly waitingBytes: number;
  /** When it last took something of them, or began to have some, as `performance.now()` has it. */
  readonly tookAt: number;
  /** It is too slow. What waits for it counts no longer, or counts less. */
  endAsSlow(): void;
}

/** Who has taken nothing for this long does not read at the moment. */
const STANDS_STILL_MS = 1_000;
/** Ends so many that this part of the bound is free again: not one of them at every message. */
const FREE_PART = 1 / 8;

/**
 * The bound on what waits for all sessions of a server together. It counts what sessions tell at the end of each turn in
 * which something is sent to them; that they have taken some of it since is looked at when it matters. So nothing is paid
 * for those who read, and nobody is judged by an old number.
 */
export class OutboundBudget {
  readonly #maxBytes: number;
  readonly #counted = new Map<WaitingReader, number>();
  #bytes = 0;
  #checking = false;
  /** Ended so that the bound holds again. */
  ended = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** What waits for all of them now. */
  get bytes(): number {
    this.#countAnew();
    return this.#bytes;
  }

  /** So much waits for this one now. */
  count(reader: WaitingReader, bytes: number): void {
    const before = this.#counted.get(reader) ?? 0;
    if (bytes === before) return;
    this.#bytes += bytes - before;
    if (bytes === 0) this.#counted.delete(reader);
    else this.#counted.set(reader, bytes);
    // In this turn, but after all that are counted in it.
    if (this.#bytes <= this.#maxBytes || this.#checking) return;
    this.#checking = true;
    queueMicrotask(() => {
      this.#checking = false;
      this.#endSlowest();
    });
  }

  #endSlowest(): void {
    this.#countAnew();
    if (this.#bytes <= this.#maxBytes) return;
    const now = performance.now();
    const standsStill = (reader: WaitingReader): number => (now - reader.tookAt >= STANDS_STILL_MS ? 1 : 0);
    const readers = [...this.#counted].map(([reader, bytes]) => ({ reader, bytes, still: standsStill(reader) }));
    readers.sort((a, b) => b.still - a.still || b.bytes - a.bytes);
    for (const { reader } of readers) {
      if (this.#bytes <= this.#maxBytes * (1 - FREE_PART)) return;
      this.ended++;
      reader.endAsSlow();
      this.count(reader, reader.waitingBytes);
    }
  }

  #countAnew(): void {
    for (const reader of this.#counted.keys()) this.count(reader, reader.waitingBytes);
  }
}
