import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';

/** The checkout that these tests belong to. */
export const thisCheckout = join(import.meta.dirname, '..', '..');

/** @typedef {{ status: number | null, signal: NodeJS.Signals | null, stdout: string, stderr: string }} Finished */

/**
 * A folder for one test, removed after it.
 * @param {import('node:test').TestContext} test
 * @param {Readonly<Record<string, string | object>>} files by path; what is no string becomes JSON
 */
export function temporaryFolder(test, files = {}) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'front-door-')));
  test.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  write(folder, files);
  return folder;
}

/** @param {string} folder @param {Readonly<Record<string, string | object>>} files */
export function write(folder, files) {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2), { mode: 0o755 });
  }
}

/**
 * The front door itself, without its tests, and without its manifest, which asks for another package of this checkout.
 * @param {string} folder the checkout to put it in
 */
export function installFrontDoor(folder) {
  const tools = join(thisCheckout, 'tools');
  cpSync(join(tools, 'front-door.mjs'), join(folder, 'tools', 'front-door.mjs'));
  const left = /node_modules|out-tsc|test-results|package\.json|\.test\.mjs$/;
  const wanted = (/** @type {string} */ path) => !left.test(path.slice(tools.length));
  cpSync(join(tools, 'front-door'), join(folder, 'tools', 'front-door'), { recursive: true, filter: wanted });
}

/** What Nx, npm and the front door tell those they run is about this checkout: none of it goes on to another. */
export function plainEnvironment() {
  const ours = /^(NX_|npm_|NODE_|TEST_|VITEST|INIT_CWD|DATA_DIR|PORT|FORCE_COLOR)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, input?: string }} options
 */
export function start(command, args, { cwd, env = {}, input = '' }) {
  const child = spawn(command, args, { cwd, env: { ...plainEnvironment(), ...env }, stdio: 'pipe' });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (output.stderr += text));
  child.stdin.end(input);
  /** @type {Promise<Finished>} */
  const finished = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve({ status, signal, ...output }));
  });
  /** Resolves when stdout shows it, and rejects if the process ends before. @param {string} text */
  const shows = (text) =>
    new Promise((resolve, reject) => {
      const look = () => output.stdout.includes(text) && resolve(undefined);
      child.stdout.on('data', look);
      child.once('close', () => reject(new Error(`ended without showing ${text}:\n${output.stdout}${output.stderr}`)));
      look();
    });
  return { child, finished, shows };
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, input?: string }} options
 */
export function run(command, args, options) {
  return start(command, args, options).finished;
}

/** @param {string} file */
export function lines(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}
