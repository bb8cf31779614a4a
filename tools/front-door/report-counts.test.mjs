import assert from 'node:assert/strict';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { nothing, removeReports, sum, takeReports } from './report-counts.mjs';
import { run, temporaryFolder, thisCheckout, write } from './temporary-checkout.mjs';

/** A folder in which the runners of this checkout work. @param {import('node:test').TestContext} t @param {Record<string, string>} files */
function project(t, files) {
  const folder = temporaryFolder(t, files);
  symlinkSync(join(thisCheckout, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** @param {string} cwd @param {string} tool @param {readonly string[]} args @param {NodeJS.ProcessEnv} env */
function runTool(cwd, tool, args, env = {}) {
  return run(process.execPath, [join(thisCheckout, 'node_modules', '.bin', tool), ...args], { cwd, env });
}

test('vitest: passed, failed, skipped and todo tests, and a file that cannot be loaded', async (t) => {
  const folder = project(t, {
    'one.spec.mjs': `
      test('passes', () => {});
      test('passes too', () => {});
      describe('a group', () => { test('fails', () => expect(1, 'the sum').toBe(2)); });
      test.skip('skipped', () => {});
      test.todo('to do');`,
    'broken.spec.mjs': "import './nowhere.mjs';",
  });
  await runTool(folder, 'vitest', [
    'run',
    '--globals',
    '--reporter=json',
    '--outputFile.json=test-results/vitest.json',
  ]);
  const counts = takeReports(folder);
  assert.deepEqual({ ...counts, failures: counts?.failures.length }, { passed: 2, failed: 2, skipped: 2, failures: 2 });
  assert.match(
    counts?.failures[0] ?? '',
    /^one\.spec\.mjs > a group fails: AssertionError: the sum: expected 1 to be 2/,
  );
  assert.match(counts?.failures[1] ?? '', /^broken\.spec\.mjs: .*nowhere\.mjs/);
});

test('Playwright: passed, failed, flaky and skipped tests, and a file that cannot be loaded', async (t) => {
  const config = "export default { testDir: '.', retries: 1, workers: 1 };";
  const folder = project(t, {
    'package.json': '{ "type": "module" }',
    'playwright.config.mjs': config,
    'one.spec.mjs': `
      import { expect, test } from '@playwright/test';
      test('passes', () => {});
      test('flaky', ({}, info) => expect(info.retry).toBe(1));
      test.describe('a group', () => { test('fails', () => expect(1).toBe(2)); });
      test.skip('skipped', () => {});`,
  });
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: 'test-results/playwright.json' };
  await runTool(folder, 'playwright', ['test', '--reporter=json'], env);
  assert.deepEqual(takeReports(folder), {
    passed: 1,
    failed: 2,
    skipped: 1,
    failures: ['one.spec.mjs:4 > flaky (passed at a later try)', 'one.spec.mjs:5 > fails'],
  });

  write(folder, { 'broken.spec.mjs': "import './nowhere.mjs';" });
  await runTool(folder, 'playwright', ['test', '--reporter=json', 'broken'], env);
  const broken = takeReports(folder);
  assert.deepEqual([broken?.passed, (broken?.failed ?? 0) > 0], [0, true]);
});

test('node:test: passed, failed, skipped and todo tests; a suite is none', async (t) => {
  const folder = temporaryFolder(t, {
    'test-results/.keep': '',
    'one.test.mjs': `
      import { describe, test } from 'node:test';
      test('passes', () => {});
      describe('a suite', () => { test('passes', () => {}); test('fails', () => { throw new Error('broken'); }); });
      test('skipped', { skip: true }, () => {});
      test('to do', { todo: true }, () => {});`,
  });
  const reporter = ['--test-reporter', join(import.meta.dirname, 'node-test-reporter.mjs')];
  await run(process.execPath, ['--test', ...reporter, '--test-reporter-destination=test-results/node-test.json'], {
    cwd: folder,
  });
  assert.deepEqual(takeReports(folder), { passed: 2, failed: 1, skipped: 2, failures: ['fails: Error: broken'] });
});

test('a report is counted once, and one of an earlier run never', (t) => {
  const report = { passed: 1, failed: 0, skipped: 0, failures: [] };
  const folder = temporaryFolder(t, { 'test-results/node-test.json': report });
  assert.deepEqual(takeReports(folder), report);
  assert.equal(takeReports(folder), undefined);
  write(folder, { 'test-results/node-test.json': report });
  removeReports(folder);
  assert.equal(existsSync(join(folder, 'test-results/node-test.json')), false);
  assert.equal(takeReports(folder), undefined);
});

test('counts add up', () => {
  const one = { passed: 1, failed: 2, skipped: 3, failures: ['a'] };
  assert.deepEqual([one, nothing, { ...one, failures: ['b'] }].reduce(sum), {
    passed: 2,
    failed: 4,
    skipped: 6,
    failures: ['a', 'b'],
  });
});
