import assert from 'node:assert/strict';
import { rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { build, projectsToBuild } from './build.mjs';
import { FrontDoorFailure } from './failure.mjs';
import { lines, temporaryFolder, write } from './temporary-checkout.mjs';

const PROJECTS = ['@chat/server', '@chat/web'];

/** Stands in for Nx: notes how it was called, and builds a project by copying its source. */
const NX = `#!/usr/bin/env node
  const { appendFileSync, cpSync } = require('node:fs');
  const args = process.argv.slice(2);
  appendFileSync('nx-calls', args.join(' ') + '\\n');
  for (const name of args.filter((arg) => arg.startsWith('@chat/'))) cpSync('apps/' + name.slice(6) + '/src', 'apps/' + name.slice(6) + '/dist', { recursive: true });
  process.exitCode = require('node:fs').existsSync('broken') ? 1 : 0;`;

/** @param {import('node:test').TestContext} t */
function checkout(t) {
  return temporaryFolder(t, {
    'package.json': { workspaces: ['apps/*', 'libs/*'] },
    'package-lock.json': {},
    'apps/server/package.json': { name: '@chat/server', dependencies: { '@chat/protocol': '*', fastify: '5.0.0' } },
    'apps/server/src/main.js': 'server 1',
    'apps/web/package.json': { name: '@chat/web', dependencies: { '@chat/client': '*' } },
    'apps/web/src/main.js': 'web 1',
    'libs/client/package.json': { name: '@chat/client', dependencies: { '@chat/protocol': '*' } },
    'libs/client/src/index.js': 'client 1',
    'libs/protocol/package.json': { name: '@chat/protocol' },
    'libs/protocol/src/index.js': 'protocol 1',
    'libs/unrelated/package.json': { name: '@chat/unrelated' },
    'libs/unrelated/src/index.js': 'unrelated 1',
    'node_modules/.bin/nx': NX,
  });
}

/** @param {import('node:test').TestContext} t */
async function builtCheckout(t) {
  const root = checkout(t);
  await build(root, process.execPath, PROJECTS);
  assert.deepEqual(projectsToBuild(root, PROJECTS), []);
  return root;
}

test('nothing was ever built: everything is', async (t) => {
  const root = checkout(t);
  assert.deepEqual(projectsToBuild(root, PROJECTS), PROJECTS);
  await build(root, process.execPath, PROJECTS);
  assert.deepEqual(lines(join(root, 'nx-calls')), ['run-many -t build -p @chat/server @chat/web --outputStyle=static']);
  assert.deepEqual(projectsToBuild(root, PROJECTS), []);
});

const changes = /** @type {const} */ ([
  ['a source of one project', 'apps/server/src/main.js', ['@chat/server']],
  ['a new file of one project', 'apps/web/public/icon.svg', ['@chat/web']],
  ['a library of a library', 'libs/client/src/index.js', ['@chat/web']],
  ['a library of both', 'libs/protocol/src/index.js', ['@chat/server', '@chat/web']],
  ['what is installed', 'package-lock.json', ['@chat/server', '@chat/web']],
  ['the output itself', 'apps/server/dist/main.js', ['@chat/server']],
  ['a test', 'apps/server/src/main.spec.ts', []],
  ['a library of neither', 'libs/unrelated/src/index.js', []],
]);

for (const [what, file, stale] of changes) {
  test(`after a change of ${what} ${stale.join(' and ') || 'nothing'} is built`, async (t) => {
    const root = await builtCheckout(t);
    write(root, { [file]: 'changed' });
    assert.deepEqual(projectsToBuild(root, PROJECTS), stale);
  });
}

test('a file that was only touched builds nothing', async (t) => {
  const root = await builtCheckout(t);
  utimesSync(join(root, 'apps/server/src/main.js'), new Date(), new Date());
  assert.deepEqual(projectsToBuild(root, PROJECTS), []);
});

test('a removed file and a removed dist are noticed', async (t) => {
  const root = await builtCheckout(t);
  rmSync(join(root, 'apps/web/dist'), { recursive: true });
  assert.deepEqual(projectsToBuild(root, PROJECTS), ['@chat/web']);
  rmSync(join(root, 'libs/client/src/index.js'));
  assert.deepEqual(projectsToBuild(root, PROJECTS), ['@chat/web']);
});

test('a build that fails is told in one line, and is done again the next time', async (t) => {
  const root = checkout(t);
  write(root, { broken: '' });
  await assert.rejects(
    build(root, process.execPath, PROJECTS),
    (error) => error instanceof FrontDoorFailure && error.code === 'build-failed' && !error.message.includes('\n'),
  );
  assert.deepEqual(projectsToBuild(root, PROJECTS), PROJECTS);
});

test('a project that is not there, and one whose build leaves nothing, are told', async (t) => {
  const root = checkout(t);
  assert.throws(() => projectsToBuild(root, ['@chat/nowhere']), FrontDoorFailure);
  rmSync(join(root, 'apps/web/src/main.js'));
  await assert.rejects(build(root, process.execPath, PROJECTS), /@chat\/web left nothing/);
});
