import type { Offence, Verdict, VerdictCounts } from '@chat/history-checker';
import { LATENCY_KINDS, type LatencyKind, type LatencySummary } from './figures/latencies.ts';
import type { CpuFigure } from './figures/cpu-meter.ts';
import type { LoadResult } from './merge-results.ts';
import type { Options } from './options/options.ts';

/** What a run found, in the form in which `--json` writes it. Times in the units that the names say. */
export type LoadReport = {
  readonly ok: boolean;
  readonly scenario: string;
  readonly run: string;
  readonly users: number;
  readonly usersOnServer: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly arrivals: string;
  readonly rate: { readonly asked: number; readonly sent: number; readonly arrived: number };
  readonly sent: number;
  readonly resent: number;
  readonly receipts: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly arrived: number;
  readonly echoes: number;
  /** At how many devices a message arrives, its sender's included. */
  readonly fanOut: number;
  readonly reconnects: number;
  readonly latencyMs: Readonly<Record<LatencyKind, LatencySummary>>;
  readonly cpu: readonly CpuPerMessage[];
  /** Lost, doubled and reordered, as a person asks for them; `verdicts` has all that is told apart. */
  readonly lost: number;
  readonly doubled: number;
  readonly reordered: number;
  readonly verdicts: VerdictCounts;
  readonly offences: readonly Offence[];
  readonly away: number;
  readonly awayBecause: string;
  readonly unfinished: number;
};

export type CpuPerMessage = {
  readonly name: string;
  readonly microsecondsPerMessage: number | undefined;
  readonly microsecondsPerDelivery: number | undefined;
  readonly seconds: number | undefined;
};

export function loadReport(options: Options, result: LoadResult, cpu: readonly CpuFigure[]): LoadReport {
  const seconds = result.plannedMs / 1_000;
  const { verdicts, latencies } = result;
  return {
    ok: Object.values(verdicts).every((count) => count === 0) && result.away === 0 && result.unfinished === 0,
    scenario: options.scenario,
    run: options.run,
    users: options.users,
    usersOnServer: result.usersOnServer,
    seconds,
    arrivals: options.arrivals,
    rate: { asked: options.rate, sent: result.planned / seconds, arrived: result.arrivedWhileSending / seconds },
    sent: result.sent,
    resent: result.resent,
    receipts: result.acknowledged,
    refused: result.refused,
    arrived: result.arrived,
    echoes: result.echoes,
    fanOut: result.measured === 0 ? 0 : result.measuredDeliveries / result.measured,
    reconnects: result.reconnects,
    // Every kind is a key of the object that is made here.
    latencyMs: Object.fromEntries(LATENCY_KINDS.map((kind) => [kind, latencies.summary(kind)])) as Record<LatencyKind, LatencySummary>,
    cpu: cpu.map((figure) => perMessage(figure, result)),
    lost: countOf(verdicts, 'lost'),
    doubled: countOf(verdicts, 'doubled'),
    reordered: countOf(verdicts, 'reordered', 'gap', 'conflicting'),
    verdicts,
    offences: result.offences,
    away: result.away,
    awayBecause: result.awayBecause,
    unfinished: result.unfinished,
  };
}

function perMessage({ name, microseconds }: CpuFigure, { measured, measuredDeliveries }: LoadResult): CpuPerMessage {
  const each = (count: number): number | undefined => (microseconds === undefined || count === 0 ? undefined : microseconds / count);
  return {
    name,
    microsecondsPerMessage: each(measured),
    microsecondsPerDelivery: each(measuredDeliveries),
    seconds: microseconds === undefined ? undefined : microseconds / 1_000_000,
  };
}

function countOf(verdicts: VerdictCounts, ...names: readonly Verdict[]): number {
  return names.reduce((sum, name) => sum + verdicts[name], 0);
}
