/** Sessions may be told at this pace without any load that is worth spreading. */
const EACH_MS = 10;

/**
 * Calls `end` for each, in any order, spread over `withinMs` with jitter, or less if they are few: everyone who is sent
 * elsewhere comes back there, and together they would be a storm.
 */
export async function spread<Item>(items: readonly Item[], withinMs: number, end: (item: Item) => void): Promise<void> {
  const slot = Math.min(EACH_MS, withinMs / Math.max(items.length, 1));
  const startedAt = performance.now();
  for (const [i, item] of shuffled(items).entries()) {
    const wait = startedAt + (i + Math.random()) * slot - performance.now();
    // Slots shorter than a timer's tick share one.
    if (wait >= 1) await new Promise((resolve) => setTimeout(resolve, wait));
    end(item);
  }
}

/** Those of one group or one user are not next to each other. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    const [a, b] = [result[i], result[j]];
    if (a === undefined || b === undefined) continue;
    result[i] = b;
    result[j] = a;
  }
  return result;
}
