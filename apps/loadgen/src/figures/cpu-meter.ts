import type { NamedProcess } from '../options/options.ts';
import { readCpuTimes } from './cpu-time.ts';

export type CpuFigure = {
  readonly name: string;
  /** Undefined where the process was not there from beginning to end. */
  readonly microseconds: number | undefined;
};

/** How much CPU time processes use between two moments. */
export class CpuMeter {
  readonly #processes: readonly NamedProcess[];
  #before: readonly (number | undefined)[] = [];

  constructor(processes: readonly NamedProcess[]) {
    this.#processes = processes;
  }

  start(): void {
    this.#before = this.#read();
  }

  stop(): readonly CpuFigure[] {
    const after = this.#read();
    return this.#processes.map(({ name }, index) => {
      const [from, to] = [this.#before[index], after[index]];
      // Less than before: another process has the number now.
      return { name, microseconds: from === undefined || to === undefined || to < from ? undefined : to - from };
    });
  }

  #read(): readonly (number | undefined)[] {
    return readCpuTimes(this.#processes.map((each) => each.pid));
  }
}
