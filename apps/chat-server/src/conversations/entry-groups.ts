/** Names the entries that are stored together or not at all. They stand side by side in whatever holds them. */
export type EntryGroup = symbol;

/** Where what stands at `from` ends: behind it, or behind the group that it begins. */
export function endOfUnit<Item>(items: readonly Item[], from: number, groupOf: (item: Item) => EntryGroup | undefined): number {
  const first = items[from];
  const group = first === undefined ? undefined : groupOf(first);
  let end = from + 1;
  if (group === undefined) return end;
  for (let item = items[end]; item !== undefined && groupOf(item) === group; item = items[end]) end++;
  return end;
}

/** Items cut into what is stored or refused by itself: single ones, and groups. */
export function unitsOf<Item>(items: readonly Item[], groupOf: (item: Item) => EntryGroup | undefined): readonly (readonly Item[])[] {
  const units: (readonly Item[])[] = [];
  for (let at = 0; at < items.length; ) {
    const end = endOfUnit(items, at, groupOf);
    units.push(items.slice(at, end));
    at = end;
  }
  return units;
}

/** How many of the first `count` items can be taken so that no group is cut; a group that is larger than that is taken whole. */
export function wholeUnits<Item>(items: readonly Item[], count: number, groupOf: (item: Item) => EntryGroup | undefined): number {
  const [last, next] = [items[count - 1], items[count]];
  const group = next === undefined ? undefined : groupOf(next);
  if (last === undefined || group === undefined || groupOf(last) !== group) return count;
  let start = count - 1;
  while (start > 0 && groupOf(items[start - 1] ?? last) === group) start--;
  return start > 0 ? start : endOfUnit(items, 0, groupOf);
}
