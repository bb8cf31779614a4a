import type { AckMode } from './plan.ts';

/** What a client acknowledges when the message with this `ack` has come. */
export type Acknowledging = (ack: string) => readonly string[];

/** Never more than this waits: the servers of a history let five wait. */
const RUN = 3;

/** Of a new connection. */
export function acknowledging(mode: AckMode): Acknowledging {
  let waiting: string[] = [];
  return (ack) => {
    if (mode === 'auto') return [];
    waiting.push(ack);
    if (waiting.length < RUN) return [];
    const answered = waiting;
    waiting = [];
    // One stands for all before it; or each for itself, the last one first.
    return mode === 'client' ? answered.slice(-1) : answered.reverse();
  };
}
