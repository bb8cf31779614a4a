import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build, projectsToBuild } from './build.mjs';
import { become } from './child.mjs';
import { FrontDoorFailure } from './failure.mjs';
import { install, isInstalled } from './install.mjs';
import { withCheckoutLock } from './lock.mjs';
import { chooseRuntime, childEnvironment } from './runtime.mjs';

/**
 * What has to be built, and what runs then, with which settings where the caller has none.
 * @typedef {object} Command
 * @property {readonly string[]} builds
 * @property {string} script
 * @property {readonly string[]} [flags] for Node
 * @property {(root: string) => Record<string, string>} [defaults]
 */

/** @type {Readonly<Record<string, Command>>} */
const commands = {
  start: {
    builds: ['@chat/chat-server', '@chat/web'],
    script: 'apps/chat-server/dist/main.js',
    flags: ['--enable-source-maps'],
    // The checkout's, from wherever the command was called.
    defaults: (root) => ({ DATA_DIR: join(root, '.data') }),
  },
  cluster: { builds: ['@chat/chat-server', '@chat/web'], script: 'tools/cluster/src/main.ts' },
  loadgen: { builds: ['@chat/loadgen'], script: 'apps/loadgen/dist/main.js', flags: ['--enable-source-maps'] },
  faults: { builds: ['@chat/chat-server', '@chat/web', '@chat/loadgen'], script: 'tools/faults/src/main.ts' },
  histories: { builds: ['@chat/chat-server', '@chat/web'], script: 'tools/histories/src/main.ts' },
  interop: { builds: ['@chat/chat-server', '@chat/web'], script: 'tools/interop/src/main.ts' },
  test: { builds: [], script: 'tools/front-door/npm-test.mjs' },
};

/**
 * Brings the checkout to where the command can run (installed, built, a Node that is new enough) and becomes the command.
 * @param {readonly string[]} args the command's name and what is passed on to it
 */
export async function main([name = '', ...args]) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) {
      throw new FrontDoorFailure(
        'usage',
        `no command ${name || 'given'}; there are ${Object.keys(commands).join(', ')}`,
      );
    }
    const runtime = await prepare(root, command.builds);
    await become(runtime, [...(command.flags ?? []), join(root, command.script), ...args], {
      cwd: root,
      env: { ...command.defaults?.(root), ...childEnvironment(root, runtime) },
    });
  } catch (error) {
    process.exitCode = 1;
    // Whoever reads the last line of `npm test` finds one there, even if it never came to a test.
    if (name === 'test') process.stdout.write('0 passed, 1 failed\n');
    if (!(error instanceof FrontDoorFailure)) throw error;
    process.stderr.write(`front-door: ${error.message}\n`);
  }
}

/**
 * Looks first, without the lock: on a checkout that is ready nobody waits for anybody.
 * @param {string} root
 * @param {readonly string[]} builds
 * @returns {Promise<string>} the Node to run with
 */
async function prepare(root, builds) {
  if (!isInstalled(root) || projectsToBuild(root, builds).length > 0) {
    await withCheckoutLock(root, async () => {
      if (!isInstalled(root)) await install(root);
      const stale = projectsToBuild(root, builds);
      if (stale.length > 0) await build(root, chooseRuntime(root), stale);
    });
  }
  return chooseRuntime(root);
}
