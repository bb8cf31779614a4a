import { residentMemory } from '../figures/resident-memory.ts';
import type { NamedProcess } from '../options/options.ts';

export type Phase = 'before' | 'during' | 'after';
export const PHASES: readonly Phase[] = ['before', 'during', 'after'];

/** In bytes. */
export type MemoryFigure = { readonly median: number; readonly max: number };

const EVERY_MS = 100;

/** How much memory processes hold, in each phase of a run. */
export class MemorySampler {
  readonly #processes: readonly NamedProcess[];
  readonly #samples = new Map<string, number[]>();
  readonly #timer: NodeJS.Timeout;
  phase: Phase = 'before';

  constructor(processes: readonly NamedProcess[]) {
    this.#processes = processes;
    this.#timer = setInterval(() => this.#sample(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  figure(process: string, phase: Phase): MemoryFigure | undefined {
    const samples = [...(this.#samples.get(`${process} ${phase}`) ?? [])].sort((a, b) => a - b);
    const [median, max] = [samples[Math.floor(samples.length / 2)], samples.at(-1)];
    return median === undefined || max === undefined ? undefined : { median, max };
  }

  #sample(): void {
    for (const { name, pid } of this.#processes) {
      const bytes = residentMemory(pid);
      if (bytes === undefined) continue;
      const key = `${name} ${this.phase}`;
      const samples = this.#samples.get(key);
      if (samples) samples.push(bytes);
      else this.#samples.set(key, [bytes]);
    }
  }
}
