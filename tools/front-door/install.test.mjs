import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FrontDoorFailure } from './failure.mjs';
import { isInstalled } from './install.mjs';
import { temporaryFolder, write } from './temporary-checkout.mjs';

const STAMP = 'node_modules/.cache/front-door/installed';

/** @param {Record<string, object>} packages */
function lockfile(packages) {
  return { lockfileVersion: 3, packages: { '': { name: 'root' }, ...packages } };
}

const wanted = lockfile({
  'apps/web': { version: '0.1.0' },
  'node_modules/@chat/web': { resolved: 'apps/web', link: true },
  'node_modules/one': { version: '1.0.0', integrity: 'sha512-one' },
  'node_modules/for-another-platform': { version: '1.0.0', integrity: 'sha512-other', optional: true },
});
const installed = lockfile({
  'node_modules/@chat/web': { resolved: 'apps/web', link: true },
  'node_modules/one': { version: '1.0.0', integrity: 'sha512-one' },
});

test('a fresh clone has to be installed', (t) => {
  assert.equal(isInstalled(temporaryFolder(t, { 'package-lock.json': wanted })), false);
});

test('what somebody installed by hand counts, if it is what the lockfile asks for; after that the stamp tells', (t) => {
  const root = temporaryFolder(t, { 'package-lock.json': wanted, 'node_modules/.package-lock.json': installed });
  assert.equal(isInstalled(root), true);
  assert.ok(existsSync(join(root, STAMP)));
  write(root, { 'node_modules/.package-lock.json': lockfile({}) });
  assert.equal(isInstalled(root), true, 'by the stamp alone');
});

test('an installation that was cut short has to be done again', (t) => {
  const root = temporaryFolder(t, { 'package-lock.json': wanted, 'node_modules/one/package.json': {} });
  assert.equal(isInstalled(root), false);
});

for (const [change, entry] of Object.entries({
  'another version': { version: '1.0.1', integrity: 'sha512-one' },
  'another content of the same version': { version: '1.0.0', integrity: 'sha512-two' },
})) {
  test(`a lockfile that asks for ${change} has to be installed`, (t) => {
    const root = temporaryFolder(t, { 'package-lock.json': wanted, 'node_modules/.package-lock.json': installed });
    assert.equal(isInstalled(root), true);
    write(root, { 'package-lock.json': lockfile({ 'node_modules/one': entry }) });
    assert.equal(isInstalled(root), false);
  });
}

test('a lockfile that asks for one package more has to be installed', (t) => {
  const more = lockfile({ ...wanted.packages, 'node_modules/two': { version: '2.0.0' } });
  const root = temporaryFolder(t, { 'package-lock.json': more, 'node_modules/.package-lock.json': installed });
  assert.equal(isInstalled(root), false);
});

test('a missing lockfile is told in one line', (t) => {
  const root = temporaryFolder(t);
  assert.throws(
    () => isInstalled(root),
    (error) => error instanceof FrontDoorFailure && error.code === 'no-lockfile' && !error.message.includes('\n'),
  );
});
