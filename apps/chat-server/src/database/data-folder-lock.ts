import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseStartError, reasonOf } from './database-start-error.ts';

export interface DataFolderLock {
  release(): Promise<void>;
}

const sqliteBusy = 5;

/**
 * Makes this process the only chat server of a data folder, until `release()` or until the process ends, however it ends.
 *
 * The lock is the operating system's own (fcntl), taken through SQLite because Node offers no file locks. So
 * - of two servers that start in the same instant the kernel lets exactly one have it;
 * - kill -9 frees it, there is nothing stale to judge, and a reused process id cannot be mistaken for the holder;
 * - it holds between containers that share the folder, where process ids mean nothing.
 * A lock file with a process id in it has none of the three: whoever takes over a stale one races with the next who does.
 *
 * `server.pid` beside it only serves the message of the one that is refused; nothing is decided by it.
 */
export async function lockDataFolder(dataDir: string): Promise<DataFolderLock> {
  const lockFile = join(dataDir, 'server.lock');
  const pidFile = join(dataDir, 'server.pid');
  const held = tryLock(lockFile);
  if (!held) {
    const holder = await waitForHolder(pidFile);
    throw new DatabaseStartError(
      'data-folder-in-use',
      `${dataDir} is in use by ${holder}; stop that one, or give this server a DATA_DIR of its own`,
    );
  }
  try {
    await writePid(pidFile);
  } catch (error) {
    held.close();
    throw new DatabaseStartError('data-folder-not-writable', `cannot write ${pidFile}: ${reasonOf(error)}`, { cause: error });
  }
  return {
    release: async () => {
      if (!held.isOpen) return;
      await rm(pidFile, { force: true });
      held.close();
    },
  };
}

/**
 * Nothing else in this process may open the lock file: POSIX drops a process's locks on a file as soon as the process closes
 * any descriptor of it (SQLite minds that for its own).
 */
function tryLock(lockFile: string): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(lockFile, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    if (isBusy(error)) return undefined;
    throw new DatabaseStartError('data-folder-not-writable', `cannot lock ${lockFile}: ${reasonOf(error)}`, { cause: error });
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy;
}

async function writePid(pidFile: string): Promise<void> {
  const draft = `${pidFile}.${process.pid}`;
  await writeFile(draft, `${process.pid}\n`);
  await rename(draft, pidFile);
}

/** The winner writes its id right after it has the lock: for that moment the file may be missing, or name one that was killed. */
async function waitForHolder(pidFile: string): Promise<string> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const pid = await readPid(pidFile);
    if (pid === process.pid) return `this same process (pid ${pid})`;
    if (pid !== undefined && isAlive(pid)) return `another chat server (pid ${pid})`;
    await delay(20);
  }
  return 'another chat server (of another container or machine: its pid is not visible here)';
}

async function readPid(pidFile: string): Promise<number | undefined> {
  const text = await readFile(pidFile, 'utf8').catch(() => '');
  const pid = Number(text.trim());
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not permitted to signal it means that it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
