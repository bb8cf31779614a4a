import { directConversationId } from '@chat/protocol';
import { createAccounts } from '../accounts/create-accounts.ts';
import { Latencies, type LatencySummary } from '../figures/latencies.ts';
import { LoadRun } from '../load-run.ts';
import type { Options } from '../options/options.ts';
import type { SyncFound } from './absent-messages.ts';
import { AbsentProcess } from './absent-process.ts';
import { type MemoryFigure, MemorySampler, PHASES, type Phase } from './memory-sampler.ts';

export type AbsenceReport = {
  readonly ok: boolean;
  readonly missed: number;
  readonly syncs: readonly SyncFound[];
  /** Of the others, on the same server, by phase: from the planned time until it arrived. */
  readonly othersMs: Readonly<Record<Phase, LatencySummary>>;
  readonly memory: readonly { readonly name: string; readonly phases: Readonly<Record<Phase, MemoryFigure | undefined>> }[];
  /** Lost, doubled and so on among the others. */
  readonly wrong: number;
};

type Terminal = { write(text: string): unknown };

/** What is measured before the syncs and after them. */
const PART_OF_DURATION = 2;

/**
 * A device that has missed much comes back to a server on which others write to each other: how much memory that takes,
 * and whether they notice. Everyone is on the first of the addresses.
 * @throws LoadRunError
 */
export async function runLongAbsence(options: Options, terminal: Terminal): Promise<AbsenceReport> {
  const [url = ''] = options.urls;
  const own = { ...options, urls: [url], duration: Number.MAX_SAFE_INTEGER, warmup: 0 };
  const accounts = createAccounts(options);
  const [writer, reader] = [`writer-${options.run}`, `reader-${options.run}`];
  const [writerToken, readerToken] = await Promise.all([accounts.accessToken(writer), accounts.accessToken(reader)]);
  const absent = new AbsentProcess({
    url, conversation: directConversationId(writer, reader), textLength: options.textLength,
    writer: { id: writer, accessToken: writerToken }, reader: { id: reader, accessToken: readerToken },
  }, process.argv[1] ?? '');
  const phases = new PhaseFigures(options);
  const load = new LoadRun(own, accounts, (kind, milliseconds) => kind === 'sameServer' && phases.record(milliseconds));
  try {
    terminal.write(`${options.missed} messages for who is away\n`);
    await absent.meetReader();
    await absent.fill(options.missed);
    await load.connect();
    const loaded = load.load();
    const syncs = await phases.run(options, () => absent.sync(), terminal);
    load.stop();
    const { verdicts, unfinished, away } = await loaded;
    const wrong = Object.values(verdicts).reduce((sum, count) => sum + count, 0) + unfinished + away;
    const isComplete = syncs.every(({ entries, wrong: order }) => entries === options.missed && order === undefined);
    return { ok: wrong === 0 && isComplete, missed: options.missed, syncs, othersMs: phases.latencies(), memory: phases.memory(), wrong };
  } finally {
    phases.stop();
    absent.end();
    await load.leave();
  }
}

/** What is measured, told apart by whether a sync is under way. */
class PhaseFigures {
  readonly #options: Options;
  readonly #sampler: MemorySampler;
  readonly #latencies: Readonly<Record<Phase, Latencies>> = { before: new Latencies(), during: new Latencies(), after: new Latencies() };

  constructor(options: Options) {
    this.#options = options;
    this.#sampler = new MemorySampler(options.processes);
  }

  record(milliseconds: number): void {
    this.#latencies[this.#sampler.phase].record('sameServer', milliseconds);
  }

  async run({ duration, syncs: count }: Options, sync: () => Promise<SyncFound>, terminal: Terminal): Promise<readonly SyncFound[]> {
    await sleep(duration / PART_OF_DURATION);
    this.#sampler.phase = 'during';
    const syncs: SyncFound[] = [];
    while (syncs.length < count) {
      const found = await sync();
      syncs.push(found);
      terminal.write(`sync ${syncs.length}: ${found.entries} entries in ${(found.milliseconds / 1_000).toFixed(1)} s\n`);
    }
    this.#sampler.phase = 'after';
    await sleep(duration / PART_OF_DURATION);
    return syncs;
  }

  latencies(): Record<Phase, LatencySummary> {
    const { before, during, after } = this.#latencies;
    return { before: before.summary('sameServer'), during: during.summary('sameServer'), after: after.summary('sameServer') };
  }

  memory(): AbsenceReport['memory'] {
    return this.#options.processes.map(({ name }) => {
      const [before, during, after] = PHASES.map((phase) => this.#sampler.figure(name, phase));
      return { name, phases: { before, during, after } };
    });
  }

  stop(): void {
    this.#sampler.stop();
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
