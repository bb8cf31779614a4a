import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FrontDoorFailure } from './failure.mjs';
import { runToStderr } from './child.mjs';
import { say } from './progress.mjs';
import { npmEnvironment } from './runtime.mjs';

/**
 * What the lockfile says of one package.
 * @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, devOptional?: boolean }} LockedPackage
 */

/**
 * Whether node_modules is what package-lock.json asks for. The quick answer is a stamp: the hash of the lockfile that was
 * last found installed. Without a fitting stamp the lockfile is compared with what npm noted of its last install, so that
 * whoever ran `npm ci` or `npm install` by hand does not wait for a second one.
 * @param {string} root
 */
export function isInstalled(root) {
  const lockfile = join(root, 'package-lock.json');
  if (!existsSync(lockfile)) {
    throw new FrontDoorFailure(
      'no-lockfile',
      `${lockfile} is missing; bring it back with: git checkout package-lock.json`,
    );
  }
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = readFileSync(lockfile);
  const stamp = stampFile(root);
  const hash = hashOf(wanted);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return true;
  if (!fulfils(packagesIn(wanted), packagesIn(readFileSync(installed)))) return false;
  writeStamp(stamp, hash);
  return true;
}

/**
 * `npm ci`, with the development dependencies whatever NODE_ENV says: the build needs them.
 * @param {string} root
 */
export async function install(root) {
  say('installing packages with npm ci; this takes about half a minute');
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const ended = await runToStderr('npm', args, { cwd: root, env: npmEnvironment() });
  if (ended === 'not found')
    throw new FrontDoorFailure('install-failed', 'npm is not on the PATH; it comes with Node: https://nodejs.org/');
  if (ended !== 0) throw new FrontDoorFailure('install-failed', `npm ci failed (${ended}); what it said is above`);
  writeStamp(stampFile(root), hashOf(readFileSync(join(root, 'package-lock.json'))));
}

/**
 * @param {Record<string, LockedPackage>} wanted
 * @param {Record<string, LockedPackage>} installed
 */
function fulfils(wanted, installed) {
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true;
    const present = installed[path];
    // npm leaves out optional packages of other platforms.
    if (present === undefined) return entry.optional === true || entry.devOptional === true;
    return present.version === entry.version && present.integrity === entry.integrity && present.link === entry.link;
  });
}

/** @param {Buffer} lockfile @returns {Record<string, LockedPackage>} */
function packagesIn(lockfile) {
  return JSON.parse(lockfile.toString('utf8')).packages ?? {};
}

/** @param {string} root */
function stampFile(root) {
  return join(root, 'node_modules', '.cache', 'front-door', 'installed');
}

/** @param {string} file @param {string} hash */
function writeStamp(file, hash) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, hash);
}

/** @param {Buffer} content */
function hashOf(content) {
  return createHash('sha256').update(content).digest('hex');
}
