/** Runs `work` once after any number of calls in the same turn: a burst of entries redraws once. */
export function coalesced(work: () => void): () => void {
  let scheduled = false;
  return () => {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      work();
    });
  };
}
