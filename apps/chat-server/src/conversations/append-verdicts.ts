import { sameContent, type EntryContent } from './log-entry.ts';
import { unitsOf } from './entry-groups.ts';
import type { Appended, NewEntry, Refused } from './message-store.port.ts';
import type { Refusal } from './refusals.ts';

export type StoredBefore = Appended & { readonly repeatOf: EntryContent };

/** What becomes of one entry of a batch; `fresh` counts in those that are to be stored. */
export type Verdict =
  | { readonly kind: 'stored-before'; readonly as: StoredBefore }
  | { readonly kind: 'store'; readonly fresh: number }
  /** The batch itself has it already. */
  | { readonly kind: 'repeat'; readonly fresh: number }
  | { readonly kind: 'refused'; readonly refused: Refused };

export type Verdicts = {
  /** Entry by entry, as the batch has them. */
  readonly verdicts: readonly Verdict[];
  /** What is to be stored, in order. */
  readonly fresh: readonly NewEntry[];
};

/** What is known about a batch under the lock of its conversations. */
export type Findings = {
  /** What is stored under an entry's key. */
  readonly storedAs: (entry: NewEntry) => StoredBefore | undefined;
  /** Why its sender may not write, or the entry with the leave version under which they may. */
  readonly rightOf: (entry: NewEntry) => NewEntry | Refusal;
};

/**
 * Decides in order, before anything is stored. Of a group all are refused if one is: what stands behind it in the batch
 * then meets none of its keys. Whether a single repeat says the same is left to who is told of it.
 */
export function verdictsOf(batch: readonly NewEntry[], findings: Findings): Verdicts {
  const fresh: NewEntry[] = [];
  const places = new Map<string, number>();
  const verdicts: Verdict[] = [];
  for (const unit of unitsOf(batch, (entry) => entry.group)) {
    const firstOfUnit = fresh.length;
    const judged = unit.map((entry) => judge(entry, findings, fresh, places));
    const guilty = judged.findIndex((verdict) => verdict.kind === 'refused');
    const verdict = judged[guilty];
    if (verdict?.kind === 'refused' && unit.length > 1) {
      for (const taken of fresh.splice(firstOfUnit)) places.delete(entryIdentity(taken));
      const companion = companionOf(verdict.refused);
      verdicts.push(...judged.map((_, i) => (i === guilty ? verdict : companion)));
    } else verdicts.push(...judged);
  }
  return { verdicts, fresh };
}

function judge(entry: NewEntry, { storedAs, rightOf }: Findings, fresh: NewEntry[], places: Map<string, number>): Verdict {
  const inGroup = entry.group !== undefined;
  const as = storedAs(entry);
  if (as !== undefined) {
    return inGroup && !sameContent(as.repeatOf, entry) ? CONFLICT : { kind: 'stored-before', as };
  }
  const place = places.get(entryIdentity(entry));
  const first = place === undefined ? undefined : fresh[place];
  if (place !== undefined && first !== undefined) {
    return inGroup && !sameContent(first, entry) ? CONFLICT : { kind: 'repeat', fresh: place };
  }
  const right = rightOf(entry);
  if (typeof right === 'string') return { kind: 'refused', refused: { refused: right } };
  places.set(entryIdentity(entry), fresh.length);
  fresh.push(right);
  return { kind: 'store', fresh: fresh.length - 1 };
}

const CONFLICT: Verdict = { kind: 'refused', refused: { refused: 'conflict' } };

function companionOf({ refused }: Refused): Verdict {
  return { kind: 'refused', refused: { refused, companion: true } };
}

/** Two entries of the same are one. */
export function entryIdentity(entry: Pick<NewEntry, 'conversation' | 'senderNo' | 'key'>): string {
  return `${entry.conversation.conversationNo} ${entry.senderNo} ${entry.key}`;
}
