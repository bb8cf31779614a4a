import { createAccounts } from './accounts/create-accounts.ts';
import { CpuMeter } from './figures/cpu-meter.ts';
import { checkOpenFiles } from './figures/open-files.ts';
import type { LoadPart, PartResult } from './load-part.ts';
import { type LoadReport, loadReport } from './load-report.ts';
import { LoadRun } from './load-run.ts';
import { mergeProgress, mergeResults } from './merge-results.ts';
import type { Options } from './options/options.ts';
import { ProgressLine } from './progress-line.ts';
import { WorkerPart } from './worker-part.ts';

type Terminal = { readonly isTTY?: boolean; write(text: string): unknown };

/** A load from connecting the users to the report, in this process or shared among workers. */
export class LoadConductor {
  readonly #options: Options;
  readonly #terminal: Terminal;
  readonly #parts: readonly LoadPart[];

  /** @param terminal where to say how it goes */
  constructor(options: Options, terminal: Terminal) {
    checkOpenFiles(Math.ceil(options.users / options.workers));
    this.#options = options;
    this.#terminal = terminal;
    this.#parts = createParts(options);
  }

  /** @throws LoadRunError */
  async conduct(): Promise<LoadReport> {
    const { users, urls, processes } = this.#options;
    this.#terminal.write(`connecting ${users} users to ${urls.join(', ')}\n`);
    const meter = new CpuMeter([...processes, { name: 'loadgen', pid: process.pid }]);
    try {
      await Promise.all(this.#parts.map((part) => part.connect()));
      const results = await this.#load(meter);
      return loadReport(this.#options, mergeResults(results), meter.stop());
    } finally {
      await Promise.all(this.#parts.map((part) => part.leave()));
    }
  }

  /** Sends no more; what has been sent is still waited for. */
  stop(): void {
    for (const part of this.#parts) part.stop();
  }

  /** Waits for nothing more either. */
  abort(): void {
    for (const part of this.#parts) part.abort();
  }

  async #load(meter: CpuMeter): Promise<PartResult[]> {
    const progress = new ProgressLine(this.#terminal, () => mergeProgress(this.#parts.map((part) => part.progress())));
    meter.start();
    const warm = setTimeout(() => meter.start(), this.#options.warmup);
    try {
      return await Promise.all(this.#parts.map((part) => part.load()));
    } finally {
      clearTimeout(warm);
      progress.end();
    }
  }
}

function createParts(options: Options): LoadPart[] {
  const { workers, users, rate, run, seed } = options;
  if (workers === 1) return [new LoadRun(options, createAccounts(options))];
  return Array.from({ length: workers }, (_, index) => {
    const share = { users: Math.floor((users + index) / workers), members: Math.ceil(options.members / workers), rate: rate / workers };
    // The users of a worker write to each other only: so each worker judges its part of the history alone.
    return new WorkerPart({ ...options, ...share, run: `${run}.${index}`, seed: seed + index }, process.argv[1] ?? '');
  });
}
