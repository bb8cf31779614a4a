import { setTimeout as delay } from 'node:timers/promises';

export type PollOptions = {
  readonly timeoutMs: number;
  /** The first pause; it grows to `maxPauseMs`, so that what is quick is seen quickly. */
  readonly pauseMs?: number;
  readonly maxPauseMs?: number;
};

/** Asks until the answer is true; false where the time ran out first. */
export async function pollUntil(condition: () => boolean | Promise<boolean>, options: PollOptions): Promise<boolean> {
  const deadline = performance.now() + options.timeoutMs;
  const maxPauseMs = options.maxPauseMs ?? 100;
  let pauseMs = options.pauseMs ?? 5;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() >= deadline) return false;
    await delay(pauseMs);
    pauseMs = Math.min(pauseMs * 1.5, maxPauseMs);
  }
}
