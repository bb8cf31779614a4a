/** What can be wrong with a history. The promise that each breaks is in brackets. */
export const VERDICTS = [
  /** Acknowledged, or seen by anyone, and not seen by a device of a member that is there at the end (G1, G5, G6). */
  'lost',
  /** A device got a `seq` twice in one connection or at or below its cursor; or one send stands in the log twice (G3). */
  'doubled',
  /** An entry came after one with a higher `seq` (G2). */
  'reordered',
  /** A device was taken past entries that did not come to it in that connection, and was not there at the end (G2). */
  'gap',
  /** Two devices, or a device and a RECEIPT, disagree on which entry has a `seq` (G2). */
  'conflicting',
  /** Delivered to someone who is not a member, or from before the JOIN (G7). */
  'foreign',
  /** Delivered to someone who had left (G7). */
  'leaked',
  /** An acknowledged send stands in the log with something else in it than its sender wrote (G1, G3). */
  'altered',
  /** A send without any outcome on a connection that still stands (G4). */
  'unanswered',
  /** An outcome too many, an entry in the log whose every send was refused, or a READ that nobody sent (G4). */
  'contradicted',
  /** A read cursor is behind what was acknowledged, or behind what it was. */
  'rewound',
  /** A device that was there to the end does not know how far somebody has read. */
  'stale',
] as const;

export type Verdict = (typeof VERDICTS)[number];

export type VerdictCounts = Readonly<Record<Verdict, number>>;

/** One case of a verdict, named as far as it is still remembered. */
export type Offence = {
  readonly verdict: Verdict;
  readonly conversation: string;
  readonly seq?: number;
  readonly id?: string;
  readonly key?: string;
  readonly device?: string;
  readonly detail: string;
};

/** Counts all, keeps the first few of each verdict. */
export class Findings {
  readonly #counts = new Map<Verdict, number>(VERDICTS.map((verdict) => [verdict, 0]));
  readonly #offences: Offence[] = [];
  readonly #keptEach: number;

  constructor(keptEach: number) {
    this.#keptEach = keptEach;
  }

  add(offence: Offence): void {
    const count = this.count(offence.verdict) + 1;
    this.#counts.set(offence.verdict, count);
    if (count <= this.#keptEach) this.#offences.push(offence);
  }

  /** Counts `count` cases, of which only the first ones that are still to be named are asked for. */
  addMany(verdict: Verdict, count: number, name: (index: number) => Offence): void {
    const before = this.count(verdict);
    this.#counts.set(verdict, before + count);
    const named = Math.min(count, this.#keptEach - before);
    for (let index = 0; index < named; index++) this.#offences.push(name(index));
  }

  count(verdict: Verdict): number {
    return this.#counts.get(verdict) ?? 0;
  }

  counts(): VerdictCounts {
    // The map was made from VERDICTS, so every verdict is a key of the object.
    return Object.fromEntries(this.#counts) as VerdictCounts;
  }

  offences(): readonly Offence[] {
    return [...this.#offences];
  }
}

/** One line a person can act on. */
export function describeOffence(offence: Offence): string {
  const parts: string[] = [offence.verdict, offence.conversation];
  if (offence.seq !== undefined) parts.push(`seq ${offence.seq}`);
  if (offence.key !== undefined) parts.push(`key ${offence.key}`);
  if (offence.id !== undefined) parts.push(`id ${offence.id}`);
  if (offence.device !== undefined) parts.push(`at ${offence.device}`);
  return `${parts.join(' ')}: ${offence.detail}`;
}
