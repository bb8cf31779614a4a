import assert from 'node:assert/strict';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { FrontDoorFailure } from './failure.mjs';
import { childEnvironment, chooseRuntime, npmEnvironment, runsTypeScript } from './runtime.mjs';
import { run, temporaryFolder, thisCheckout } from './temporary-checkout.mjs';

const newNode = { execPath: '/opt/node/bin/node', version: 'v24.0.0' };
const oldNode = { execPath: '/usr/bin/node', version: 'v20.20.2' };

test('Node runs TypeScript from 22.18 and from 23.6 on', () => {
  const versions = ['v18.20.0', 'v20.20.2', 'v22.17.1', 'v22.18.0', 'v23.5.0', 'v23.6.0', 'v24.0.0', 'v100.0.0', ''];
  assert.deepEqual(versions.filter(runsTypeScript), ['v22.18.0', 'v23.6.0', 'v24.0.0', 'v100.0.0']);
});

test('the Node that came by npm goes first, though the one that runs is new enough', (t) => {
  const root = temporaryFolder(t, { 'node_modules/.bin/node': '#!/bin/sh\necho v24.21.0\n' });
  assert.equal(chooseRuntime(root, newNode), join(root, 'node_modules/.bin/node'));
});

test('a Node from npm that does not run here, or is too old, is passed over', (t) => {
  const broken = temporaryFolder(t, { 'node_modules/.bin/node': '#!/bin/sh\nexit 127\n' });
  const old = temporaryFolder(t, { 'node_modules/.bin/node': '#!/bin/sh\necho v20.1.0\n' });
  assert.equal(chooseRuntime(broken, newNode), newNode.execPath);
  assert.equal(chooseRuntime(old, newNode), newNode.execPath);
});

test('without any Node that is new enough one line says what to install', (t) => {
  const root = temporaryFolder(t);
  assert.throws(
    () => chooseRuntime(root, oldNode),
    (error) =>
      error instanceof FrontDoorFailure &&
      error.code === 'no-runtime' &&
      /this is v20\.20\.2.*install Node 24/.test(error.message) &&
      !error.message.includes('\n'),
  );
});

test('the chosen Node and the tools of the checkout come first on the PATH, each once', () => {
  const { PATH } = childEnvironment('/checkout', '/opt/node/bin/node', {
    PATH: ['/checkout/node_modules/.bin', '/usr/bin'].join(delimiter),
  });
  assert.equal(PATH, ['/opt/node/bin', '/checkout/node_modules/.bin', '/usr/bin'].join(delimiter));
});

test('Nx gets no daemon, no prompts and no cloud, unless the caller says otherwise', () => {
  const { NX_DAEMON, NX_INTERACTIVE, NX_NO_CLOUD } = childEnvironment('/checkout', '/opt/node/bin/node', {
    NX_DAEMON: 'true',
  });
  assert.deepEqual([NX_DAEMON, NX_INTERACTIVE, NX_NO_CLOUD], ['true', 'false', 'true']);
});

test('npm gets a PATH without the folders that it is about to delete', () => {
  const { PATH } = npmEnvironment({
    PATH: ['/checkout/node_modules/.bin', '/checkout/node_modules/node/bin', '/usr/bin'].join(delimiter),
  });
  assert.equal(PATH, '/usr/bin');
});

test('Nx runs these tests with a Node that runs TypeScript', () => {
  assert.ok(runsTypeScript(process.version), process.version);
});

test('vitest runs with it too', async (t) => {
  const cwd = temporaryFolder(t, {
    'version.spec.mjs': "test('version', () => expect(process.version).toBe(process.env.EXPECTED_VERSION));",
  });
  const runtime = chooseRuntime(thisCheckout);
  const env = { ...childEnvironment(thisCheckout, runtime), EXPECTED_VERSION: process.version };
  const { status, stdout, stderr } = await run('vitest', ['run', '--globals'], { cwd, env });
  assert.equal(status, 0, stdout + stderr);
});
