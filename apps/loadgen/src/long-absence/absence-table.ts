import type { AbsenceReport } from './long-absence.ts';
import { PHASES } from './memory-sampler.ts';

const MEBIBYTE = 2 ** 20;

/** What a person reads at the end. */
export function absenceTable({ missed, syncs, othersMs, memory, wrong, ok }: AbsenceReport): string {
  const lines = [
    `A device that has missed ${missed} entries, ${syncs.length} times:`,
    ...syncs.map(({ entries, milliseconds, wrong: order }) => `  ${entries} entries in ${(milliseconds / 1_000).toFixed(2)} s${order === undefined ? '' : `, ${order}`}`),
    '',
    row('others, ms', ['count', 'p50', 'p99', 'max']),
    ...PHASES.map((phase) => {
      const { count, p50, p99, max } = othersMs[phase];
      return row(`  ${phase}`, [String(count), ...[p50, p99, max].map((value) => (count === 0 ? '-' : value.toFixed(2)))]);
    }),
    '',
    row('memory, MiB', PHASES.flatMap((phase) => [`${phase}`, 'max'])),
    ...memory.map(({ name, phases }) => row(`  ${name}`, PHASES.flatMap((phase) => [mebibytes(phases[phase]?.median), mebibytes(phases[phase]?.max)]))),
    '',
    `wrong among the others ${wrong}   ${ok ? 'every sync brought all of it, in order' : 'not as it must be'}`,
  ];
  return `${lines.join('\n')}\n`;
}

function mebibytes(bytes: number | undefined): string {
  return bytes === undefined ? '-' : (bytes / MEBIBYTE).toFixed(1);
}

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(20) + cells.map((cell) => cell.padStart(10)).join('');
}
