import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { FrontDoorFailure } from './failure.mjs';
import { say } from './progress.mjs';

const POLL_MS = 200;
const LONGEST_WAIT_MS = 10 * 60_000;

/**
 * Runs `work` while no other front door installs or builds in this checkout. The lock is a file with our process id; that
 * of a process that no longer lives is taken over. It lies in `.nx`, which git ignores and `npm ci` leaves alone.
 * @template T
 * @param {string} root
 * @param {() => Promise<T>} work
 * @param {number} longestWaitMs
 * @returns {Promise<T>}
 */
export async function withCheckoutLock(root, work, longestWaitMs = LONGEST_WAIT_MS) {
  const file = join(root, '.nx', 'front-door.lock');
  mkdirSync(dirname(file), { recursive: true });
  await acquire(file, longestWaitMs);
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** @param {string} file @param {number} longestWaitMs */
async function acquire(file, longestWaitMs) {
  for (let waitedMs = 0; !claim(file); waitedMs += POLL_MS) {
    const holder = holderOf(file);
    if (holder === undefined) continue;
    if (!lives(holder)) {
      rmSync(file, { force: true });
      continue;
    }
    if (waitedMs === 0) say(`process ${holder} is installing or building in this checkout; waiting for it`);
    if (waitedMs >= longestWaitMs) {
      throw new FrontDoorFailure(
        'busy',
        `process ${holder} still holds ${file}; end it, or delete the file if it is not ours`,
      );
    }
    await setTimeout(POLL_MS);
  }
}

/** @param {string} file @returns {boolean} whether the lock is ours now */
function claim(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} file @returns {number | undefined} nobody, once the file is gone */
function holderOf(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param {number} pid */
function lives(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
