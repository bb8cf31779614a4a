import { cutTo, includesSeq, rangeSize, without, type SeqRange } from './seq-range.ts';

/** How an entry fits what a device has seen of its conversation. */
export type Arrival = 'in-order' | 'late' | 'again';

/**
 * Where one device stands in one conversation. A position costs the same however long the run is: entries that came in
 * order leave a number, and only what was jumped over is kept, as ranges.
 */
export class StreamPosition {
  /** The last entry of the stream: what comes next has a higher `seq`. */
  #last: number;
  /** Up to here everything was seen once, apart from `#missing`; above `#last` only after a rewind. */
  #seen: number;
  #missing: SeqRange[] = [];
  #mayReplay = false;

  /** @param last the entry before the first that is owed */
  constructor(last: number) {
    this.#last = last;
    this.#seen = last;
  }

  get last(): number {
    return this.#last;
  }

  /** @param memberships where entries are owed at all: outside of them a jump is right */
  take(seq: number, memberships: readonly SeqRange[]): Arrival {
    const mayReplay = this.#mayReplay;
    this.#mayReplay = false;
    if (seq <= this.#last) {
      if (mayReplay) this.rewind(seq - 1);
      else if (includesSeq(this.#missing, seq)) {
        this.#missing = without(this.#missing, { from: seq, to: seq });
        return 'late';
      } else return 'again';
    }
    if (seq > this.#last + 1) this.#jumpOver({ from: Math.max(this.#last, this.#seen) + 1, to: seq - 1 }, memberships);
    this.#last = seq;
    if (seq > this.#seen) this.#seen = seq;
    return 'in-order';
  }

  /** The server decides where the next connection's stream begins: once, it may begin below what was seen. */
  allowReplay(): void {
    this.#mayReplay = true;
  }

  /**
   * The device asks for everything after `cursor`. Gives what it had jumped over above it, which now comes again or is
   * missing anew. Asking for less than it has seen leaves a gap.
   */
  resumeAfter(cursor: number, memberships: readonly SeqRange[]): readonly SeqRange[] {
    if (cursor < this.#last) return this.rewind(cursor);
    if (cursor > this.#last) {
      this.#jumpOver({ from: Math.max(this.#last, this.#seen) + 1, to: cursor }, memberships);
      this.#last = cursor;
      this.#seen = Math.max(this.#seen, cursor);
    }
    return [];
  }

  /** Goes back so that the entry after `cursor` is the next; gives what was missing above it. */
  rewind(cursor: number): readonly SeqRange[] {
    const given = cutTo({ from: cursor + 1, to: Infinity }, this.#missing);
    const firstGiven = given[0];
    if (firstGiven) {
      this.#seen = firstGiven.from - 1;
      this.#missing = without(this.#missing, { from: cursor + 1, to: Infinity });
    }
    this.#last = cursor;
    return given;
  }

  /** These entries are read as history: they are not owed by the stream. */
  excuse(range: SeqRange): void {
    this.#missing = without(this.#missing, range);
    if (this.#last < range.to && this.#last >= range.from - 1) this.#last = range.to;
    this.#seen = Math.max(this.#seen, this.#last);
  }

  /** What has not arrived of a log that reaches to `top`. */
  outstanding(top: number, memberships: readonly SeqRange[]): readonly SeqRange[] {
    const reached = Math.max(this.#last, this.#seen);
    const missing = this.missingOf(memberships);
    if (reached >= top) return missing;
    return [...missing, ...cutTo({ from: reached + 1, to: top }, memberships)];
  }

  /** What was jumped over, as far as it was owed by what is known now: a LEAVE may be heard of later. */
  missingOf(memberships: readonly SeqRange[]): readonly SeqRange[] {
    return this.#missing.length === 0 ? this.#missing : this.#missing.flatMap((range) => cutTo(range, memberships));
  }

  #jumpOver(range: SeqRange, memberships: readonly SeqRange[]): void {
    if (range.from > range.to) return;
    this.#missing.push(...cutTo(range, memberships).filter((part) => rangeSize(part) > 0));
  }
}
