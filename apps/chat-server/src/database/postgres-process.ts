import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { openBoundedLogFile } from './bounded-log-file.ts';
import type { DatabaseLog } from './database-log.ts';
import { DatabaseStartError, reasonOf } from './database-start-error.ts';
import { dataFolderArgument, spawnPostgresProgram, type PostgresProgram } from './postgres-program.ts';

export type PostgresExit = {
  readonly code: number | null;
  readonly signal: string | null;
  /** False: it ended without `stop()`. */
  readonly expected: boolean;
};

export interface PostgresProcess {
  readonly pid: number;
  readonly exited: Promise<PostgresExit>;
  /** Ends all sessions, writes a checkpoint, ends. Whatever happens on the way, what was committed stays. */
  stop(): Promise<void>;
}

const logFileBytes = 4 * 1024 * 1024;
/** Recovery after a crash may take its time, and killing it would only start it over. */
const recoveryMs = 10 * 60_000;
const stopMs = 10_000;

/** Starts a PostgreSQL on a finished data folder, and resolves when it accepts connections. */
export async function startPostgres(
  program: PostgresProgram,
  settings: Readonly<Record<string, string>>,
  logFile: string,
  log: DatabaseLog,
): Promise<PostgresProcess> {
  const settingArguments = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = await spawnPostgresProgram(program, ['-D', dataFolderArgument(program.workingFolder), ...settingArguments]);
  const pid = child.pid;
  // Node sets it when 'spawn' has been emitted, but its type does not say so.
  if (pid === undefined) throw new DatabaseStartError('postgres-start-failed', 'PostgreSQL has no process id');
  const said: string[] = [];
  const logged = writeLog(child.stderr, logFile, said, log);
  let stopping = false;
  const exited = new Promise<PostgresExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal, expected: stopping }));
  });
  child.on('error', (error) => log.error({ pid, reason: reasonOf(error) }, 'PostgreSQL cannot be signalled'));
  // The one way to end it on process.exit(), where nothing can be awaited.
  const stopAtExit = (): void => void child.kill('SIGINT');
  process.once('exit', stopAtExit);
  void exited.then(() => process.removeListener('exit', stopAtExit));

  const stop = async (): Promise<void> => {
    stopping = true;
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      child.kill(signal);
      if (await settlesWithin(stopMs, exited)) break;
    }
    await logged;
  };
  if (!(await becomesReady(program.workingFolder, pid, exited, log))) {
    await stop();
    const exit = await exited;
    throw new DatabaseStartError('postgres-start-failed', `PostgreSQL did not start (${describeExit(exit)}): ${lastWords(said)} (more in ${logFile})`);
  }
  return { pid, exited, stop };
}

/** PostgreSQL writes its state into the eighth line of postmaster.pid; its own pg_ctl waits for it in the same way. */
async function becomesReady(dataFolder: string, pid: number, exited: Promise<PostgresExit>, log: DatabaseLog): Promise<boolean> {
  let ended = false;
  void exited.then(() => (ended = true));
  const startedAt = performance.now();
  let nextNotice = 2_000;
  while (!ended) {
    const lines = (await readFile(join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (lines[0] === String(pid) && lines[7]?.trim() === 'ready') return true;
    const waited = performance.now() - startedAt;
    if (waited > recoveryMs) return false;
    if (waited > nextNotice) {
      nextNotice *= 2;
      log.info({ pid }, 'PostgreSQL is starting or recovering');
    }
    await delay(10);
  }
  return false;
}

/** Passes on what PostgreSQL says, one write at a time. A full disk must end neither it nor us, so reading goes on without writing. */
async function writeLog(from: Readable, path: string, said: string[], log: DatabaseLog): Promise<void> {
  const complain = (error: unknown): void => log.warn({ path, reason: reasonOf(error) }, 'the log of PostgreSQL cannot be written');
  const file = await openBoundedLogFile(path, logFileBytes).catch(complain);
  for await (const chunk of from) {
    const text = String(chunk);
    said.push(...text.split('\n').filter((line) => line !== ''));
    said.splice(0, said.length - 20);
    await file?.write(text).catch(complain);
  }
  await file?.close().catch(complain);
}

/** The line that says why, without the time and process id in front of it. */
export function lastWords(lines: readonly string[]): string {
  const telling = lines.findLast((line) => /\b(FATAL|PANIC|error):/.test(line)) ?? lines.at(-1) ?? 'it said nothing';
  return telling.replace(/^.*?\b(?:FATAL|PANIC|error):\s*/, '');
}

export function describeExit(exit: Pick<PostgresExit, 'code' | 'signal'>): string {
  return exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
}

async function settlesWithin(milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const timeout = delay(milliseconds, false, { signal: timer.signal }).catch(() => false);
  const settled = await Promise.race([promise.then(() => true), timeout]);
  timer.abort();
  return settled;
}
