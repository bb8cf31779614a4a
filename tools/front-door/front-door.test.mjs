// The front door as a user meets it: npm scripts in a clone where nothing is installed yet. Everything is real but the
// packages: Nx and the Node that comes by npm are two small ones, so that `npm ci` needs no network.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { npmEnvironment } from './runtime.mjs';
import { installFrontDoor, lines, run, start, temporaryFolder, thisCheckout, write } from './temporary-checkout.mjs';

const NX = `#!/usr/bin/env node
  const { appendFileSync, cpSync, existsSync } = require('node:fs');
  if (existsSync('broken')) { console.log('the compiler is not content'); process.exit(1); }
  appendFileSync('nx-calls', process.argv.slice(2).join(' ') + '\\n');
  for (const name of ['chat-server', 'web', 'loadgen']) if (process.argv.includes('@chat/' + name)) cpSync('apps/' + name + '/src', 'apps/' + name + '/dist', { recursive: true });
  console.log('built');`;

const COMMAND = `
  import { text } from 'node:stream/consumers';
  const { DATA_DIR, PORT, npm_lifecycle_event } = process.env;
  console.log(JSON.stringify({ script: import.meta.filename, args: process.argv.slice(2), DATA_DIR, PORT, version: process.version }));
  const typed = await text(process.stdin);
  if (typed === 'fail') process.exit(9);
  if (typed === 'stay') { setInterval(() => {}, 1000); process.once('SIGTERM', () => process.exit(4)); console.log('staying'); }`;

const files = {
  'package.json': {
    name: 'clone',
    version: '1.0.0',
    private: true,
    type: 'module',
    workspaces: ['apps/*', 'tools/*'],
    scripts: JSON.parse(readFileSync(join(thisCheckout, 'package.json'), 'utf8')).scripts,
    dependencies: { nx: 'file:vendor/nx', 'node-for-this-platform': 'file:vendor/node' },
  },
  'vendor/nx/package.json': { name: 'nx', version: '1.0.0', bin: { nx: 'nx.cjs' } },
  'vendor/nx/nx.cjs': NX,
  'vendor/node/package.json': { name: 'node-for-this-platform', version: '1.0.0', bin: { node: 'node' } },
  'vendor/node/node': `#!/bin/sh\nexec ${process.execPath} "$@"\n`,
  'apps/chat-server/package.json': { name: '@chat/chat-server', version: '1.0.0', type: 'module' },
  'apps/chat-server/src/main.js': COMMAND,
  'apps/web/package.json': { name: '@chat/web', version: '1.0.0' },
  'apps/web/src/index.html': '<title>Chat</title>',
  'apps/loadgen/package.json': { name: '@chat/loadgen', version: '1.0.0', type: 'module' },
  'apps/loadgen/src/main.js': COMMAND,
  'tools/cluster/package.json': { name: '@chat/cluster', version: '1.0.0', type: 'module' },
  'tools/cluster/src/main.ts': `const typed: string = 'TypeScript';${COMMAND.replace('const typed', 'const input').replaceAll('typed ===', 'input ===')}`,
};

/** @type {Promise<string> | undefined} written by npm itself, once for all tests */
let lockfile;

/** @param {import('node:test').TestContext} t */
async function clone(t) {
  const root = temporaryFolder(t, files);
  lockfile ??= npm(root, ['install', '--package-lock-only']).then(() =>
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  );
  write(root, { 'package-lock.json': await lockfile });
  installFrontDoor(root);
  return root;
}

/** @param {string} root @param {readonly string[]} args @param {{ input?: string, env?: NodeJS.ProcessEnv }} options */
function npm(root, args, { input = '', env = {} } = {}) {
  return run('npm', args, { cwd: root, input, env: { ...systemEnvironment(), ...env } });
}

/** That of somebody whose only Node is the system's, and who has no network. */
function systemEnvironment() {
  return { PATH: npmEnvironment().PATH, npm_config_offline: 'true' };
}

/** The line that the command wrote, among those of npm. @param {string} stdout */
function report(stdout) {
  const json = stdout.split('\n').filter((line) => line.startsWith('{'));
  assert.equal(json.length, 1, stdout);
  return JSON.parse(json[0] ?? '');
}

/** What the front door said itself. @param {string} stderr */
function said(stderr) {
  return stderr.split('\n').filter((line) => line.startsWith('front-door: '));
}

test('npm start in a fresh clone installs, builds and runs; the second time it only runs', async (t) => {
  const root = await clone(t);
  const first = await npm(root, ['start']);
  assert.equal(first.status, 0, first.stderr);
  assert.deepEqual(report(first.stdout), {
    script: join(root, 'apps/chat-server/dist/main.js'),
    args: [],
    DATA_DIR: join(root, '.data'),
    version: process.version,
  });
  assert.deepEqual(said(first.stderr), [
    'front-door: installing packages with npm ci; this takes about half a minute',
    'front-door: building @chat/chat-server, @chat/web',
  ]);
  const second = await npm(root, ['start']);
  assert.deepEqual([second.status, said(second.stderr)], [0, []]);
  assert.equal(lines(join(root, 'nx-calls')).length, 1);
});

test('settings of the caller stay as they are', async (t) => {
  const root = await clone(t);
  const { stdout } = await npm(root, ['start'], { env: { DATA_DIR: 'elsewhere', PORT: '9090' } });
  const { DATA_DIR, PORT } = report(stdout);
  assert.deepEqual([DATA_DIR, PORT], ['elsewhere', '9090']);
});

test('cluster runs from TypeScript, loadgen from its build; arguments are passed on, and their stdout is theirs alone', async (t) => {
  const root = await clone(t);
  const cluster = await npm(root, ['run', '--silent', 'cluster', '--', '--servers', '3', '--json']);
  assert.equal(cluster.status, 0, cluster.stderr);
  assert.equal(cluster.stdout.split('\n').length, 2, cluster.stdout);
  assert.deepEqual(report(cluster.stdout).args, ['--servers', '3', '--json']);
  assert.equal(report(cluster.stdout).script, join(root, 'tools/cluster/src/main.ts'));
  const loadgen = await npm(root, ['run', '--silent', 'loadgen', '--', 'a b']);
  assert.deepEqual([loadgen.stdout.split('\n').length, report(loadgen.stdout).args], [2, ['a b']]);
});

test('the exit code of the command is that of npm, and a signal to npm reaches the command', async (t) => {
  const root = await clone(t);
  assert.equal((await npm(root, ['start'], { input: 'fail' })).status, 9);
  const { child, finished, shows } = start('npm', ['start'], { cwd: root, input: 'stay', env: systemEnvironment() });
  await shows('staying');
  child.kill('SIGTERM');
  assert.equal((await finished).status, 4);
});

test('two at once in a fresh clone install and build once', async (t) => {
  const root = await clone(t);
  const [one, other] = await Promise.all([npm(root, ['start']), npm(root, ['start'])]);
  assert.deepEqual([one.status, other.status], [0, 0], one.stderr + other.stderr);
  const installs = [...said(one.stderr), ...said(other.stderr)].filter((line) => line.includes('installing packages'));
  assert.deepEqual([installs.length, lines(join(root, 'nx-calls')).length], [1, 1]);
});

test('a failed build ends in one line, after what the build said, and leaves stdout alone', async (t) => {
  const root = await clone(t);
  write(root, { broken: '' });
  const { status, stdout, stderr } = await npm(root, ['start', '--silent']);
  assert.deepEqual([status, stdout], [1, '']);
  assert.match(
    stderr,
    /the compiler is not content\nfront-door: the build of @chat\/chat-server, @chat\/web failed \(1\); what it said is above\n$/,
  );
});

test('a failed installation ends in one line; npm test has its last line even then', async (t) => {
  const root = await clone(t);
  write(root, { 'package.json': { ...files['package.json'], dependencies: { absent: 'file:vendor/absent' } } }); // not what the lockfile says
  const { status, stderr } = await npm(root, ['start', '--silent']);
  assert.deepEqual(
    [status, stderr.trim().split('\n').at(-1)],
    [1, 'front-door: npm ci failed (1); what it said is above'],
  );
  assert.equal(existsSync(join(root, '.nx/front-door.lock')), false);
  const tested = await npm(root, ['test']);
  assert.deepEqual([tested.status, tested.stdout.split('\n').at(-2)], [1, '0 passed, 1 failed']);
});

test('a command that there is not is told in one line', async (t) => {
  const root = await clone(t);
  for (const args of [[], ['bogus'], ['constructor']]) {
    const { status, stdout, stderr } = await run(process.execPath, ['tools/front-door.mjs', ...args], { cwd: root });
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /^front-door: no command [a-z]+; there are start, cluster, loadgen, faults, histories, interop, test\n$/);
  }
});

test('a Node that is too old is told in one line', async (t) => {
  const root = await clone(t);
  const pretend =
    "Object.defineProperty(process.versions, 'node', { value: '18.19.0' }); Object.defineProperty(process, 'version', { value: 'v18.19.0' });";
  write(root, { 'pretend.cjs': pretend });
  const { status, stderr } = await run(
    process.execPath,
    ['--require', './pretend.cjs', 'tools/front-door.mjs', 'start'],
    { cwd: root },
  );
  assert.deepEqual(
    [status, stderr],
    [1, 'front-door: Node 20 or newer is needed, this is v18.19.0; install Node 24 from https://nodejs.org/\n'],
  );
});
