import { type VerdictCounts, VERDICTS } from '@chat/history-checker';
import { Latencies } from './figures/latencies.ts';
import type { PartResult, Progress } from './load-part.ts';

/** The results of all parts as if one had done it all. */
export type LoadResult = Omit<PartResult, 'latencies'> & { readonly latencies: Latencies };

/** @param parts one at least */
export function mergeResults(parts: readonly PartResult[]): LoadResult {
  const sum = (pick: (part: PartResult) => number): number => parts.reduce((total, part) => total + pick(part), 0);
  const latencies = new Latencies();
  for (const part of parts) latencies.add(Latencies.decode(part.latencies));
  return {
    usersOnServer: sumRecords(parts.map((part) => part.usersOnServer)),
    planned: sum((part) => part.planned),
    plannedMs: Math.max(...parts.map((part) => part.plannedMs)),
    sent: sum((part) => part.sent),
    resent: sum((part) => part.resent),
    acknowledged: sum((part) => part.acknowledged),
    measured: sum((part) => part.measured),
    measuredDeliveries: sum((part) => part.measuredDeliveries),
    refused: sumRecords(parts.map((part) => part.refused)),
    arrived: sum((part) => part.arrived),
    arrivedWhileSending: sum((part) => part.arrivedWhileSending),
    echoes: sum((part) => part.echoes),
    reconnects: sum((part) => part.reconnects),
    away: sum((part) => part.away),
    awayBecause: parts.find((part) => part.away > 0)?.awayBecause ?? '',
    unfinished: sum((part) => part.unfinished),
    // Every verdict is a key of the object that is made here.
    verdicts: Object.fromEntries(VERDICTS.map((verdict) => [verdict, sum((part) => part.verdicts[verdict])])) as VerdictCounts,
    offences: parts.flatMap((part) => part.offences),
    latencies,
  };
}

export function mergeProgress(parts: readonly Progress[]): Progress {
  const sum = (name: keyof Progress): number => parts.reduce((total, part) => total + part[name], 0);
  return {
    live: sum('live'), sent: sum('sent'), acknowledged: sum('acknowledged'), arrived: sum('arrived'),
    outstanding: sum('outstanding'), reconnects: sum('reconnects'), wrong: sum('wrong'),
  };
}

function sumRecords(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const record of records) {
    for (const [name, value] of Object.entries(record)) sums[name] = (sums[name] ?? 0) + value;
  }
  return sums;
}
