/** Time, as the client needs it; a test brings a scripted one. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs `action` once after `ms`; the answer cancels it and may be called at any time. */
  after(ms: number, action: () => void): CancelTimer;
}

export type CancelTimer = () => void;

/** Longer than this, `setTimeout` fires at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, Math.min(Math.max(ms, 0), LONGEST_TIMEOUT_MS));
    return () => clearTimeout(timer);
  },
};
