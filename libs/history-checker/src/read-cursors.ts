import type { Device } from './device.ts';
import type { Memberships } from './memberships.ts';
import type { Findings } from './verdict.ts';

/** `seq` is what it comes to at least: more than there is counts as the end. `at` is on the checker's clock of events. */
type Asking = { readonly seq: number; readonly at: number };

/** How far one user has read in one conversation, from everyone who said something about it. */
type ReadCursor = {
  /** The furthest that was asked for. */
  started: number;
  /** What each SEND asked for that has no RECEIPT and asks for more than is stored, by its `seq`. */
  readonly asking: Map<number, Asking>;
  /** The furthest that has a RECEIPT, and when it was asked for. */
  stored: number;
  storedFrom: number;
  /** The last word of the service. */
  asked: number | undefined;
  /** The furthest READ that anyone got, and who. */
  seen: number;
  seenBy: string;
};

type Clock = () => number;

/** A device that has not heard how far somebody has read. */
type Unknown = { readonly device: Device; readonly conversation: string; readonly user: string; readonly due: number; readonly known: number };

/** Read cursors: forward only, none invented, and known in the end to everyone whom they concern. */
export class ReadCursors {
  readonly #findings: Findings;
  readonly #now: Clock;
  readonly #cursors = new Map<string, Map<string, ReadCursor>>();
  /** The highest READ that a device has got, by device, conversation and reader. */
  readonly #known = new Map<string, number>();
  /** When somebody's membership of a room was heard of. */
  readonly #joinedAt = new Map<string, number>();

  constructor(findings: Findings, now: Clock) {
    this.#findings = findings;
    this.#now = now;
  }

  joined(conversation: string, user: string): void {
    this.#joinedAt.set(keyOf(conversation, user), this.#now());
  }

  /** @param top how far the log was known to reach then */
  started(device: Device, conversation: string, seq: number, top: number): void {
    const cursor = this.#cursor(conversation, device.user);
    this.#learn(device, conversation, device.user, seq);
    cursor.started = Math.max(cursor.started, seq);
    if (seq > cursor.stored && !cursor.asking.has(seq)) cursor.asking.set(seq, { seq: Math.min(seq, top), at: this.#now() });
  }

  stored(device: Device, conversation: string, seq: number): void {
    const cursor = this.#cursor(conversation, device.user);
    const asking = cursor.asking.get(seq);
    if (!asking) return;
    for (const [asked, { seq: least }] of cursor.asking) if (asked === seq || least <= asking.seq) cursor.asking.delete(asked);
    if (asking.seq <= cursor.stored) return;
    cursor.stored = asking.seq;
    cursor.storedFrom = asking.at;
  }

  seen(device: Device, conversation: string, user: string, seq: number): void {
    this.#learn(device, conversation, user, seq);
    const cursor = this.#cursor(conversation, user);
    if (seq <= cursor.seen) return;
    cursor.seen = seq;
    cursor.seenBy = device.name;
  }

  asked(conversation: string, user: string, seq: number): void {
    const cursor = this.#cursor(conversation, user);
    const least = Math.max(cursor.asked ?? 0, cursor.stored);
    if (seq < least) {
      this.#findings.add({ verdict: 'rewound', conversation, seq, detail: `${user} had read up to ${least}` });
    }
    cursor.asked = Math.max(seq, cursor.asked ?? 0);
  }

  /** @param devices those that were there to the end */
  judge(devices: readonly Device[], membershipsOf: (conversation: string) => Memberships): void {
    for (const [conversation, readers] of this.#cursors) {
      for (const [user, cursor] of readers) this.#judgeInvented(conversation, user, cursor, membershipsOf(conversation));
    }
    for (const { device, conversation, user, due, known } of this.#unknown(devices, membershipsOf)) {
      const detail = `${user} has read up to here, and this device knows of ${known}`;
      this.#findings.add({ verdict: 'stale', conversation, seq: due, device: device.name, detail });
    }
  }

  /** How many READs are still to come. */
  outstanding(devices: readonly Device[], membershipsOf: (conversation: string) => Memberships): number {
    return this.#unknown(devices, membershipsOf).length;
  }

  #unknown(devices: readonly Device[], membershipsOf: (conversation: string) => Memberships): Unknown[] {
    const unknown: Unknown[] = [];
    for (const [conversation, readers] of this.#cursors) {
      const memberships = membershipsOf(conversation);
      const present = devices.filter((device) => isMember(memberships, device.user));
      for (const [user, { asked, stored, storedFrom }] of readers) {
        // Whoever has left has no cursor that anyone asks for. A JOIN moves the cursor further, which is no news to anyone.
        if (asked === undefined || !isMember(memberships, user)) continue;
        const due = Math.min(stored, asked);
        if (due < (memberships.of(user).at(-1)?.from ?? 1)) continue; // the JOIN has moved the cursor at least there
        for (const device of present) {
          const known = this.#known.get(keyOf(device.name, conversation, user)) ?? 0;
          if (known < due && storedFrom > this.#since(device, conversation, user)) unknown.push({ device, conversation, user, due, known });
        }
      }
    }
    return unknown;
  }

  /**
   * What somebody had read before a device came to know the conversation is told over HTTP, and so is what its own user
   * read elsewhere while it was away.
   */
  #since(device: Device, conversation: string, user: string): number {
    const here = user === device.user ? device.syncedAt : 0;
    return Math.max(here, device.anewAt, this.#joinedAt.get(keyOf(conversation, device.user)) ?? 0);
  }

  /** A JOIN, too, moves the cursor: everything before it counts as read. */
  #judgeInvented(conversation: string, user: string, { seen, seenBy, started }: ReadCursor, memberships: Memberships): void {
    const joined = memberships.of(user).at(-1)?.from ?? 1;
    if (seen <= Math.max(started, joined - 1)) return;
    this.#findings.add({ verdict: 'contradicted', conversation, seq: seen, device: seenBy, detail: `a READ of ${user}, who asked for ${started} at most` });
  }

  #learn(device: Device, conversation: string, user: string, seq: number): void {
    const key = keyOf(device.name, conversation, user);
    this.#known.set(key, Math.max(seq, this.#known.get(key) ?? 0));
  }

  #cursor(conversation: string, user: string): ReadCursor {
    let readers = this.#cursors.get(conversation);
    if (!readers) this.#cursors.set(conversation, (readers = new Map<string, ReadCursor>()));
    let cursor = readers.get(user);
    if (!cursor) readers.set(user, (cursor = { started: 0, asking: new Map(), stored: 0, storedFrom: 0, asked: undefined, seen: 0, seenBy: '' }));
    return cursor;
  }
}

function isMember(memberships: Memberships, user: string): boolean {
  return memberships.of(user).at(-1)?.to === Infinity;
}

function keyOf(...names: readonly string[]): string {
  return names.join(' ');
}
