import { readdirSync, readFileSync } from 'node:fs';

type ProcessState = { readonly pid: number; readonly parent: number; readonly state: string; readonly startedAt: string };

/**
 * When a process was started, in the kernel's ticks: together with the pid it names one process for ever, while the
 * pid alone may be used again. Undefined for a process that is gone, is only waiting to be reaped, or on a system
 * without /proc.
 */
export function processStart(pid: number): string | undefined {
  const found = readState(pid);
  return found === undefined || found.state === 'Z' ? undefined : found.startedAt;
}

/** Whether the process runs, or is stopped by SIGSTOP; one that only waits to be reaped does not. */
export function isAlive(pid: number): boolean {
  if (hasProc()) return processStart(pid) !== undefined;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Sends a signal to a process and all its descendants, the ancestors first, so that a stopped parent starts no more.
 * PostgreSQL's back-ends and nginx's workers are reached by this, whatever process group they made for themselves.
 * Returns all that it was sent to.
 */
export function signalTree(pid: number, signal: NodeJS.Signals): readonly number[] {
  const targets = [pid, ...descendants(pid)];
  for (const target of targets) signalOne(target, signal);
  return targets;
}

/** False where the process was gone already. */
export function signalOne(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Children, grandchildren and so on, as far as /proc tells them. */
export function descendants(pid: number): number[] {
  const all = hasProc() ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  const states = all.flatMap((name) => readState(Number(name)) ?? []);
  const found: number[] = [];
  let generation = [pid];
  while (generation.length > 0) {
    generation = states.filter(({ parent }) => generation.includes(parent)).map((state) => state.pid);
    found.push(...generation);
  }
  return found;
}

function hasProc(): boolean {
  return process.platform === 'linux';
}

function readState(pid: number): ProcessState | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, and may hold spaces and parentheses itself.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { pid, state: fields[0] ?? '', parent: Number(fields[1]), startedAt: fields[19] ?? '' };
  } catch {
    return undefined; // it ended before we looked
  }
}
