import { describeOffence } from '@chat/history-checker';
import type { LatencyKind } from './figures/latencies.ts';
import type { LoadReport } from './load-report.ts';

const LATENCY_NAMES: readonly (readonly [LatencyKind, string])[] = [
  ['sameServer', 'same server'],
  ['crossServer', 'across servers'],
  ['receipt', 'RECEIPT'],
  ['sendingLag', 'of it, sending late'],
];
const OFFENCES_SHOWN = 20;

/** The report as a person reads it. */
export function reportTable(report: LoadReport): string {
  return [...heading(report), '', ...counts(report), '', ...latencies(report), '', ...cpu(report), ...verdict(report)].join('\n') + '\n';
}

function heading({ scenario, users, usersOnServer, seconds, arrivals, run }: LoadReport): string[] {
  const servers = Object.entries(usersOnServer).map(([server, count]) => `${server} ${count}`).join(', ');
  return [`Load '${scenario}', run ${run}: ${users} users (${servers}), ${seconds.toFixed(1)} s, ${arrivals} arrivals`];
}

function counts(report: LoadReport): string[] {
  const { rate, sent, resent, receipts, refused, arrived, echoes, fanOut, reconnects } = report;
  const refusals = Object.entries(refused).map(([code, count]) => `${code} ${count}`).join(', ') || '0';
  const lines = [
    `messages/s   asked ${rate.asked.toFixed(1)}   sent ${rate.sent.toFixed(1)}   arrived ${rate.arrived.toFixed(1)}`,
    `messages     sent ${sent}   receipts ${receipts}   arrived ${arrived}   echoes ${echoes}   fan-out ${fanOut.toFixed(1)}`,
    `             sent again ${resent}   refused ${refusals}   reconnects ${reconnects}`,
  ];
  if (refused['rate-limited']) lines.push('             rate-limited: start the servers with RATE_LIMITS=off, or spread the load over more --users');
  return lines;
}

function latencies({ latencyMs }: LoadReport): string[] {
  const columns = ['count', 'p50', 'p90', 'p99', 'p99.9', 'max'];
  const rows = LATENCY_NAMES.map(([kind, name]) => {
    const { count, p50, p90, p99, p999, max } = latencyMs[kind];
    return row(name, [String(count), ...(count === 0 ? ['-', '-', '-', '-', '-'] : [p50, p90, p99, p999, max].map(milliseconds))]);
  });
  return [row('ms after the time planned', columns), ...rows];
}

function cpu({ cpu: figures }: LoadReport): string[] {
  const rows = figures.map(({ name, microsecondsPerMessage, microsecondsPerDelivery, seconds }) => (seconds === undefined
    ? `${row(name, ['-'])}  was not there all the time`
    : row(name, [microsecondsPerMessage?.toFixed(1) ?? '-', microsecondsPerDelivery?.toFixed(2) ?? '-', seconds.toFixed(2)])));
  const servers = figures.filter(({ name }) => name !== 'loadgen');
  const total = (of: 'microsecondsPerMessage' | 'microsecondsPerDelivery'): number => servers.reduce((sum, figure) => sum + (figure[of] ?? 0), 0);
  const sum = figures.length > 2 ? [row('all but loadgen', [total('microsecondsPerMessage').toFixed(1), total('microsecondsPerDelivery').toFixed(2)])] : [];
  return figures.length === 0 ? [] : [row('CPU', ['µs/message', 'µs/delivery', 'seconds']), ...rows, ...sum, ''];
}

function verdict(report: LoadReport): string[] {
  const { lost, doubled, reordered, verdicts, offences, away, awayBecause, unfinished } = report;
  const lines = [`lost ${lost}   doubled ${doubled}   reordered ${reordered}`];
  const found = Object.entries(verdicts).filter(([, count]) => count > 0);
  if (found.length > 0) lines.push(`verdicts: ${found.map(([name, count]) => `${name} ${count}`).join(', ')}`);
  if (away > 0) lines.push(`${away} users had no connection at the end (${awayBecause || 'never connected'}): what they missed is not judged`);
  if (unfinished > 0) lines.push(`${unfinished} sends had no outcome at the end`);
  lines.push(...offences.slice(0, OFFENCES_SHOWN).map((offence) => `  ${describeOffence(offence)}`));
  if (offences.length > OFFENCES_SHOWN) lines.push(`  … and ${offences.length - OFFENCES_SHOWN} more with --json`);
  return lines;
}

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(28) + cells.map((cell) => cell.padStart(11)).join('');
}

function milliseconds(value: number): string {
  return value < 100 ? value.toFixed(2) : value.toFixed(0);
}
