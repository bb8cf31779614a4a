import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { FrontDoorFailure } from './failure.mjs';

/** Node runs `.ts` files without a flag from these on; 23.0 to 23.5 and everything before 22.18 want one. */
export function runsTypeScript(/** @type {string} */ version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if (major === 22) return minor >= 18;
  if (major === 23) return minor >= 6;
  return major > 23;
}

/**
 * The Node that runs our code: the one that came by npm, or else the one that runs this file, if it is new enough.
 * The first is asked for its version rather than trusted to be there: its package is missing where no build exists, and
 * on a musl Linux it is there and does not start.
 * @param {string} root the checkout
 * @param {{ execPath: string, version: string }} self
 * @returns {string} the path of its executable
 */
export function chooseRuntime(root, self = process) {
  const packaged = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(packaged)) {
    const version = realpathSync(packaged) === self.execPath ? self.version : versionOf(packaged);
    if (runsTypeScript(version)) return packaged;
  }
  if (runsTypeScript(self.version)) return self.execPath;
  throw new FrontDoorFailure(
    'no-runtime',
    `Node 22.18 or newer is needed, this is ${self.version}, and npm has none for ${process.platform}-${process.arch}; ` +
      'install Node 24 from https://nodejs.org/',
  );
}

/**
 * The environment of everything we start: `node` and the tools of the checkout come first on the PATH, so that a script
 * that asks for `node` gets the chosen one; Nx asks nothing, sends nothing and leaves no daemon behind.
 * @param {string} root
 * @param {string} runtime
 * @param {NodeJS.ProcessEnv} base
 * @returns {Record<string, string>}
 */
export function childEnvironment(root, runtime, base = process.env) {
  const path = [dirname(runtime), join(root, 'node_modules', '.bin'), base['PATH'] ?? ''];
  const environment = {
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NX_INTERACTIVE: 'false',
    NX_NO_CLOUD: 'true',
    ...base,
    PATH: [...new Set(path.join(delimiter).split(delimiter))].join(delimiter),
  };
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/**
 * npm runs with the Node it came with: `npm ci` deletes what is in node_modules while it works.
 * @param {NodeJS.ProcessEnv} base
 * @returns {NodeJS.ProcessEnv}
 */
export function npmEnvironment(base = process.env) {
  const entries = (base['PATH'] ?? '').split(delimiter).filter((entry) => !/[\\/]node_modules[\\/]/.test(entry));
  return { ...base, PATH: entries.join(delimiter) };
}

/** @param {string} executable @returns {string} such as `v24.21.0`, or nothing if it does not run here */
function versionOf(executable) {
  const { status, stdout } = spawnSync(executable, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}
