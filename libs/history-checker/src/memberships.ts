import { parseConversationId } from '@chat/protocol';
import type { SeqRange } from './seq-range.ts';

const ALL: readonly SeqRange[] = [{ from: 1, to: Infinity }];
const NONE: readonly SeqRange[] = [];

/** Who may see which part of one conversation. */
export interface Memberships {
  /** In rising order; empty for who never was a member. The last one is open (to Infinity) while the user is a member. */
  of(user: string): readonly SeqRange[];
  users(): Iterable<string>;
  /**
   * The same JOIN or LEAVE may be told many times, by each device that sees it, also behind newer ones.
   * Gives true where this one was not known.
   */
  joined(user: string, seq: number): boolean;
  /** Gives true where it ends a membership or ends it earlier than was known. */
  left(user: string, seq: number): boolean;
}

export function membershipsOf(conversation: string): Memberships {
  const parsed = parseConversationId(conversation);
  return parsed?.kind === 'direct' ? new DirectMemberships(parsed.a, parsed.b) : new RoomMemberships();
}

/** The two are members for ever. */
export class DirectMemberships implements Memberships {
  readonly #a: string;
  readonly #b: string;

  constructor(a: string, b: string) {
    this.#a = a;
    this.#b = b;
  }

  of(user: string): readonly SeqRange[] {
    return user === this.#a || user === this.#b ? ALL : NONE;
  }

  users(): Iterable<string> {
    return this.#a === this.#b ? [this.#a] : [this.#a, this.#b];
  }

  joined(): boolean {
    return false;
  }

  left(): boolean {
    return false;
  }
}

class RoomMemberships implements Memberships {
  readonly #ranges = new Map<string, SeqRange[]>();

  of(user: string): readonly SeqRange[] {
    return this.#ranges.get(user) ?? NONE;
  }

  users(): Iterable<string> {
    return this.#ranges.keys();
  }

  // A JOIN while the user counts as a member means that a LEAVE was not heard of yet: the entry before it is the most
  // that the earlier membership can have reached.
  joined(user: string, seq: number): boolean {
    const ranges = this.#ranges.get(user) ?? [];
    if (ranges.some((range) => range.from === seq)) return false;
    const before = ranges.filter((range) => range.from < seq);
    const after = ranges.slice(before.length);
    const shortened = before.map((range) => ({ from: range.from, to: Math.min(range.to, seq - 1) }));
    const next = after[0];
    this.#ranges.set(user, [...shortened, { from: seq, to: next ? next.from - 1 : Infinity }, ...after]);
    return true;
  }

  left(user: string, seq: number): boolean {
    const ranges = this.#ranges.get(user) ?? [];
    const index = ranges.findLastIndex((range) => range.from <= seq);
    const range = ranges[index];
    if (!range || range.to <= seq) return false;
    ranges[index] = { from: range.from, to: seq };
    return true;
  }
}
