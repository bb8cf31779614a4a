// `npm test` on a small checkout, with the Nx, the vitest and the settings of this one.
import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { installFrontDoor, run, start, temporaryFolder, thisCheckout, write } from './temporary-checkout.mjs';

/** Without those of ESLint, which would be the slowest part and is no other kind of target. */
const settings = ['package.json', 'package-lock.json', 'nx.json', 'tsconfig.base.json'];

/** @param {string} name @param {string} spec */
function library(name, spec) {
  return {
    [`libs/${name}/package.json`]: { name: `@chat/${name}`, version: '1.0.0', type: 'module' },
    [`libs/${name}/tsconfig.json`]: {
      extends: '../../tsconfig.base.json',
      compilerOptions: { outDir: 'out-tsc', tsBuildInfoFile: 'out-tsc/tsconfig.tsbuildinfo' },
      include: ['src/**/*.ts', 'vitest.config.mts'],
    },
    [`libs/${name}/vitest.config.mts`]:
      "import { defineConfig } from 'vitest/config';\n\nexport default defineConfig({ test: { include: ['src/**/*.spec.ts'] } });\n",
    [`libs/${name}/src/index.ts`]: 'export const answer = 42;\n',
    [`libs/${name}/src/index.spec.ts`]: `import { writeFileSync } from 'node:fs';\nimport { expect, test } from 'vitest';\nimport { answer } from './index.ts';\n\n${spec}\n`,
  };
}

/** End-to-end tests that want no browser. */
const endToEnd = {
  'apps/e2e/package.json': {
    name: '@chat/e2e',
    version: '1.0.0',
    type: 'module',
    nx: { targets: { e2e: { command: 'playwright test', options: { cwd: '{projectRoot}' } } } },
  },
  'apps/e2e/playwright.config.ts': "export default { testDir: 'src', workers: 1 };\n",
  'apps/e2e/src/chat.spec.ts':
    "import { expect, test } from '@playwright/test';\n\ntest('chats', () => expect(1).toBe(1));\n",
};

const good =
  "test('the answer', () => expect(answer).toBe(42));\ntest('is no other', () => expect(answer).not.toBe(43));";
const bad =
  "test('the answer', () => expect(answer).toBe(42));\ntest('a question', () => expect(answer, 'the question').toBe(43));";

/** @param {import('node:test').TestContext} t @param {Readonly<Record<string, string | object>>} files */
function checkout(t, files) {
  const root = temporaryFolder(t, {
    'tsconfig.json': {
      extends: './tsconfig.base.json',
      files: [],
      references: [{ path: './libs/alpha' }, { path: './libs/beta' }],
    },
    ...files,
  });
  for (const name of settings) cpSync(join(thisCheckout, name), join(root, name));
  symlinkSync(join(thisCheckout, 'node_modules'), join(root, 'node_modules'));
  installFrontDoor(root);
  return root;
}

/** @param {string} root @param {readonly string[]} args */
function npmTest(root, ...args) {
  return run(process.execPath, ['tools/front-door.mjs', 'test', ...args], { cwd: root });
}

/** @param {string} stdout */
function lastLine(stdout) {
  return stdout.slice(0, -1).split('\n').at(-1);
}

test('each target counts as one, tests by the runner’s report, from the cache or not, of all projects or of one', async (t) => {
  const root = checkout(t, { ...library('alpha', good), ...library('beta', good), ...endToEnd });
  const first = await npmTest(root);
  assert.equal(lastLine(first.stdout), '7 passed, 0 failed', first.stdout + first.stderr);
  assert.equal(first.status, 0);
  const second = await npmTest(root);
  assert.match(second.stdout, /@chat\/alpha:test\s+\[local cache\]/);
  assert.deepEqual([second.status, lastLine(second.stdout)], [0, '7 passed, 0 failed']);

  write(root, library('beta', bad));
  const alone = await npmTest(root, '@chat/alpha');
  assert.deepEqual([alone.status, lastLine(alone.stdout)], [0, '3 passed, 0 failed'], alone.stdout);
  const unknown = await npmTest(root, '@chat/gamma');
  assert.deepEqual([unknown.status, lastLine(unknown.stdout)], [1, '0 passed, 1 failed']);
  assert.match(unknown.stdout, /no project matches @chat\/gamma; there are @chat\/alpha, @chat\/beta/);
  const option = await npmTest(root, '--watch');
  assert.deepEqual([option.status, lastLine(option.stdout)], [1, '0 passed, 1 failed']);
});

test('a failure anywhere is counted and shown whole, the rest goes on, and the exit code is 1', async (t) => {
  const root = checkout(t, { ...library('alpha', bad), ...library('beta', good) });
  write(root, { 'libs/beta/src/index.ts': 'export const answer = 42;\nexport const text: string = 42;\n' });
  const { status, stdout, stderr } = await npmTest(root);
  assert.deepEqual([status, lastLine(stdout)], [1, '4 passed, 2 failed'], stdout + stderr);
  assert.match(stdout, /TS2322/);
  assert.match(stripVTControlCharacters(stderr), /- 43\n\+ 42\n/);
  assert.match(stdout, /✗ @chat\/beta:typecheck\n/);
  assert.match(
    stdout,
    /✗ @chat\/alpha:test src\/index\.spec\.ts > a question: AssertionError: the question: expected 42 to be 43/,
  );
});

test('no tests at all are a failure', async (t) => {
  const root = checkout(t, { 'tsconfig.json': { extends: './tsconfig.base.json', files: [], references: [] } });
  const { status, stdout } = await npmTest(root);
  assert.deepEqual([status, lastLine(stdout)], [1, '0 passed, 1 failed'], stdout);
  assert.match(stdout, /no test was run/);
});

test('an interrupted run ends what it started, and does not count as passed', async (t) => {
  const endless = `test('the answer', async () => {
      writeFileSync('pid', String(process.pid));
      await new Promise(() => setInterval(() => expect(answer).toBe(42), 1000));
    }, 1e6);`;
  const root = checkout(t, { ...library('alpha', endless), ...library('beta', good) });
  const { child, finished } = start(process.execPath, ['tools/front-door.mjs', 'test'], { cwd: root });
  const pid = Number(await contentOf(join(root, 'libs/alpha/pid'), finished));
  child.kill('SIGINT');
  const { status, stdout } = await finished;
  assert.equal(status, 1);
  assert.match(lastLine(stdout) ?? '', /, [1-9]\d* failed/);
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

/** Waits for a file that a process writes. @param {string} file @param {Promise<import('./temporary-checkout.mjs').Finished>} finished */
async function contentOf(file, finished) {
  let over = false;
  void finished.then(() => (over = true));
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') {
    assert.ok(!over, 'the process ended before it wrote the file');
    await setTimeout(50);
  }
  return readFileSync(file, 'utf8');
}
