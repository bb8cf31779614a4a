/** Both ends belong to it; `to` may be Infinity. */
export type SeqRange = { readonly from: number; readonly to: number };

export function rangeSize(range: SeqRange): number {
  return range.to - range.from + 1;
}

/** The parts of `range` that lie in any of `allowed`, which are in rising order and do not overlap. */
export function cutTo(range: SeqRange, allowed: readonly SeqRange[]): SeqRange[] {
  const parts: SeqRange[] = [];
  for (const each of allowed) {
    const from = Math.max(range.from, each.from);
    const to = Math.min(range.to, each.to);
    if (from <= to) parts.push({ from, to });
  }
  return parts;
}

/** What is left of `ranges` without `removed`. */
export function without(ranges: readonly SeqRange[], removed: SeqRange): SeqRange[] {
  return ranges.flatMap((range) => cutTo(range, [
    { from: -Infinity, to: removed.from - 1 },
    { from: removed.to + 1, to: Infinity },
  ]));
}

export function includesSeq(ranges: readonly SeqRange[], seq: number): boolean {
  return ranges.some((range) => range.from <= seq && seq <= range.to);
}
