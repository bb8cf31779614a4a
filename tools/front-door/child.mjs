import { spawn } from 'node:child_process';
import process from 'node:process';

/** @typedef {number | NodeJS.Signals | 'not found'} Ended an exit code, or the signal that ended it, or it never began */

/**
 * Runs a tool to its end with everything that it writes on our stderr.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<Ended>}
 */
export function runToStderr(command, args, options) {
  return ended(spawn(command, args, { ...options, stdio: ['ignore', process.stderr, process.stderr] }));
}

/**
 * Hands this process over to a command, which keeps our terminal, our stdin and our stdout, gets our signals, and whose
 * exit code is ours. Where Node can replace the running process by another, that is all; an older Node (which runs us
 * only until the newer one is installed) stays in between and passes things on.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: Record<string, string> }} options
 * @returns {Promise<void>} returns, if at all, with `process.exitCode` set
 */
export async function become(command, args, { cwd, env }) {
  if (process.platform !== 'win32' && typeof process.execve === 'function') {
    process.chdir(cwd);
    process.execve(command, [command, ...args], env);
  }
  await passThrough(command, args, { cwd, env });
}

/** @param {string} command @param {readonly string[]} args @param {{ cwd: string, env: Record<string, string> }} options */
export async function passThrough(command, args, options) {
  const child = spawn(command, args, { ...options, stdio: 'inherit' });
  /** @type {readonly NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'];
  const pass = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, pass);
  const end = await ended(child);
  for (const signal of signals) process.off(signal, pass);
  if (typeof end === 'number') process.exitCode = end;
  else if (end === 'not found') process.exitCode = 127;
  else process.kill(process.pid, end);
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<Ended>} */
export function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => ('code' in error && error.code === 'ENOENT' ? resolve('not found') : reject(error)));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 1));
  });
}
