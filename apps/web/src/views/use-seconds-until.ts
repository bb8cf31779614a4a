import { useEffect, useState } from 'react';

/** Whole seconds until a moment, counting down; 0 once it has passed or where there is none. */
export function useSecondsUntil(at: number | undefined): number {
  const secondsLeft = (): number => (at === undefined ? 0 : Math.max(0, Math.ceil((at - Date.now()) / 1_000)));
  const [seconds, setSeconds] = useState(secondsLeft);
  useEffect(() => {
    setSeconds(secondsLeft());
    if (at === undefined) return;
    const timer = setInterval(() => setSeconds(secondsLeft()), 500);
    return () => clearInterval(timer);
    // `secondsLeft` depends on `at` alone.
  }, [at]);
  return seconds;
}
