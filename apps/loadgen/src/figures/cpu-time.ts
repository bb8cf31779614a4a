import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in ticks of this many a second for everyone who reads /proc. */
const TICKS_PER_SECOND = 100;
const MICROSECONDS_PER_TICK = 1_000_000 / TICKS_PER_SECOND;

type ProcessTimes = { readonly parent: number; readonly ticks: number };

/**
 * CPU time in microseconds that each process and all its descendants have used so far, those that ended included
 * (PostgreSQL's connections and nginx's workers are children). Undefined for a process that is not there.
 */
export function readCpuTimes(pids: readonly number[]): readonly (number | undefined)[] {
  if (process.platform !== 'linux') return pids.map(() => undefined);
  const processes = readProcesses();
  const children = new Map<number, number[]>();
  for (const [pid, { parent }] of processes) {
    const siblings = children.get(parent);
    if (siblings) siblings.push(pid);
    else children.set(parent, [pid]);
  }
  return pids.map((pid) => (processes.has(pid) ? treeTicks(pid, processes, children) * MICROSECONDS_PER_TICK : undefined));
}

function treeTicks(pid: number, processes: ReadonlyMap<number, ProcessTimes>, children: ReadonlyMap<number, readonly number[]>): number {
  let ticks = processes.get(pid)?.ticks ?? 0;
  for (const child of children.get(pid) ?? []) ticks += treeTicks(child, processes, children);
  return ticks;
}

function readProcesses(): Map<number, ProcessTimes> {
  const processes = new Map<number, ProcessTimes>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const times = readStat(`/proc/${name}/stat`);
    if (times) processes.set(Number(name), times);
  }
  return processes;
}

function readStat(file: string): ProcessTimes | undefined {
  try {
    return parseStat(readFileSync(file, 'utf8'));
  } catch (error) {
    // The process ended between being listed and being read.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return undefined;
    throw error;
  }
}

/** @param stat as in proc_pid_stat(5): the second field is the command in parentheses, which may contain anything */
export function parseStat(stat: string): ProcessTimes {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // After the command: state is field 3, parent 4, utime 14, stime 15, and 16 and 17 the same of children waited for.
  const ticks = [14, 15, 16, 17].reduce((sum, field) => sum + Number(fields[field - 3]), 0);
  return { parent: Number(fields[1]), ticks };
}
