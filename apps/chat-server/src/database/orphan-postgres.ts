import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { DatabaseLog } from './database-log.ts';
import { DatabaseStartError } from './database-start-error.ts';

/** In order, with a checkpoint; at once, with recovery at the next start; and for what does not even run any more. */
const escalation = [['SIGINT', 5_000], ['SIGQUIT', 1_000], ['SIGKILL', 5_000]] as const;

/**
 * Ends what a killed chat server left running in this cluster. Call it only while holding the data folder's lock: whatever runs
 * here then has no owner, for its owner would hold the lock. That is the whole proof; no process id on disk is believed.
 *
 * It is stopped rather than adopted: its standard error, and so its log, ended with its parent; it may run an older version's
 * settings; and a stop with a checkpoint costs tenths of a second. It loses nothing, even where it has to be killed: commits are
 * in the write-ahead log, and nobody is left who waits for one that is not.
 */
export async function stopOrphan(clusterDir: string, socketFolder: string, log: DatabaseLog): Promise<void> {
  for (const [signal, patienceMs] of escalation) {
    const pids = await findPostgresIn(clusterDir);
    if (pids.length === 0) break;
    log.warn({ pids, signal }, 'stopping the PostgreSQL of a chat server that was killed');
    // Only the postmaster acts on SIGINT as meant here; for its children it would cancel a query.
    const receivers = signal === 'SIGKILL' ? pids : await postmastersAmong(pids);
    await signalAll(receivers, signal, clusterDir);
    await untilNoneIn(clusterDir, patienceMs);
  }
  if ((await findPostgresIn(clusterDir)).length > 0 || (await somebodyListens(socketFolder))) {
    throw new DatabaseStartError(
      'data-folder-in-use',
      `a PostgreSQL that cannot be stopped from here, perhaps in another container, still runs on ${clusterDir}: stop it first`,
    );
  }
  // PostgreSQL takes these for signs of life if the process id in them is in use again, by anyone, or was not reaped yet. Where
  // /proc has not proved that nobody is here, it has to judge them itself.
  if (process.platform !== 'linux') return;
  for (const name of ['postmaster.pid', '.s.PGSQL.5432', '.s.PGSQL.5432.lock']) await rm(join(clusterDir, name), { force: true });
}

/** Every live process of PostgreSQL's whose working folder is the cluster's: the postmaster and all its children. */
async function findPostgresIn(clusterDir: string): Promise<number[]> {
  const cluster = await stat(clusterDir).catch(() => undefined);
  if (cluster === undefined) return [];
  if (process.platform !== 'linux') return findByPidFile(clusterDir);
  const pids: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // A process that ended meanwhile, or is a zombie, has none; one that we may not look into belongs to somebody else.
    const folder = await stat(`/proc/${name}/cwd`).catch(() => undefined);
    if (folder?.ino !== cluster.ino || folder.dev !== cluster.dev) continue;
    const executable = await readlink(`/proc/${name}/exe`).catch(() => '');
    // ' (deleted)' follows where npm has replaced the package meanwhile.
    if (/^postgres( \(deleted\))?$/.test(basename(executable))) pids.push(Number(name));
  }
  return pids;
}

/** Where there is no /proc: PostgreSQL's own note, believed only if that process was started for this very folder. */
async function findByPidFile(clusterDir: string): Promise<number[]> {
  const note = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = note.split('\n', 1)[0] ?? '';
  if (!/^\d+$/.test(pid)) return [];
  const command = await promisify(execFile)('ps', ['-o', 'command=', '-p', pid]).then(({ stdout }) => stdout, () => '');
  return command.includes(`-D ${clusterDir}`) ? [Number(pid)] : [];
}

async function postmastersAmong(pids: readonly number[]): Promise<number[]> {
  const parents = await Promise.all(pids.map(parentOf));
  return pids.filter((_, index) => !pids.includes(parents[index] ?? 0));
}

async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0);
}

/** Looks once more right before: the id of a process that ended meanwhile may be somebody else's by now. */
async function signalAll(pids: readonly number[], signal: NodeJS.Signals, clusterDir: string): Promise<void> {
  const current = await findPostgresIn(clusterDir);
  for (const pid of pids.filter((candidate) => current.includes(candidate))) {
    try {
      process.kill(pid, signal);
    } catch {
      // Ended in between; or not ours to signal, and then the caller finds it still there and says so.
    }
  }
}

async function untilNoneIn(clusterDir: string, milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds;
  while (performance.now() < end && (await findPostgresIn(clusterDir)).length > 0) await delay(20);
}

/** A socket in the file system reaches across containers that share it, where neither process ids nor /proc do. */
function somebodyListens(socketFolder: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(join(socketFolder, '.s.PGSQL.5432'));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
