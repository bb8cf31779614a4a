/** Whether two values of plain data say the same. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [inA, inB] = [a as Record<string, unknown>, b as Record<string, unknown>]; // arrays as well: their indices are keys
  return Object.keys({ ...inA, ...inB }).every((key) => isSame(inA[key], inB[key]));
}

/** `before`, where `after` says nothing else: views of an object that stays the same are not drawn again. */
export function keepIfSame<Value>(before: Value | undefined, after: Value): Value {
  return before !== undefined && isSame(before, after) ? before : after;
}
