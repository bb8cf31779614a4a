import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

const SAMPLE_EVERY_MS = 1_000;
/** The event loop's own timer, which counts in what is measured. */
const RESOLUTION_MS = 20;
/** Samples in a row: a single long pause is no overload, and a single quiet second no end of one. */
const SAMPLES_TO_BEGIN = 3;
const SAMPLES_TO_END = 5;
/** It is over when the load is well below what began it. */
const OVER_BELOW = { lag: 0.5, memory: 0.95 };

/** How a process does at one moment. */
export type LoadSample = {
  /** By how much things were late on average in the second before. */
  readonly lagMs: number;
  /** The larger part of what it may have: resident memory of the container's, or V8's heap of its own limit. 0 to 1. */
  readonly memoryPart: number;
};

export type LoadBounds = {
  /** Infinity: no bound. */
  readonly lagMs: number;
  readonly memoryPart: number;
};

/** Whether this server has more to do than it can. Begins and ends with some seconds of delay, so that it does not flap. */
export class LoadMonitor {
  readonly #bounds: LoadBounds;
  #above = 0;
  #below = 0;
  #overloaded = false;
  last: LoadSample = { lagMs: 0, memoryPart: 0 };

  constructor(bounds: LoadBounds) {
    this.#bounds = bounds;
  }

  get overloaded(): boolean {
    return this.#overloaded;
  }

  /** Returns whether that has changed. */
  onSample(sample: LoadSample): boolean {
    const { lagMs, memoryPart } = this.#bounds;
    this.last = sample;
    const above = sample.lagMs > lagMs || sample.memoryPart > memoryPart;
    const below = sample.lagMs < lagMs * OVER_BELOW.lag && sample.memoryPart < memoryPart * OVER_BELOW.memory;
    this.#above = above ? this.#above + 1 : 0;
    this.#below = below ? this.#below + 1 : 0;
    const before = this.#overloaded;
    if (this.#above >= SAMPLES_TO_BEGIN) this.#overloaded = true;
    else if (this.#below >= SAMPLES_TO_END) this.#overloaded = false;
    return this.#overloaded !== before;
  }
}

/** Measures this process once a second. Returns what stops it. */
export function measureProcess(onSample: (sample: LoadSample) => void): () => void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const timer = setInterval(() => {
    // Without a single delay in this time there is no mean: NaN.
    const lagMs = Math.max(0, (delays.mean || 0) / 1e6 - RESOLUTION_MS);
    delays.reset();
    onSample({ lagMs, memoryPart: memoryPart() });
  }, SAMPLE_EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    delays.disable();
  };
}

function memoryPart(): number {
  const heap = getHeapStatistics();
  const ofHeap = heap.used_heap_size / heap.heap_size_limit;
  // 0, or more than any machine has, where the process is in no container with a limit.
  const limit = process.constrainedMemory();
  return limit > 0 && limit < Number.MAX_SAFE_INTEGER ? Math.max(ofHeap, process.memoryUsage.rss() / limit) : ofHeap;
}
