import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { FrontDoorFailure } from './failure.mjs';
import { withCheckoutLock } from './lock.mjs';
import { lines, run, temporaryFolder } from './temporary-checkout.mjs';

const LOCK = '.nx/front-door.lock';

test('of two processes one works after the other', async (t) => {
  const lock = JSON.stringify(join(import.meta.dirname, 'lock.mjs'));
  const root = temporaryFolder(t, {
    'work.mjs': `
      import { appendFileSync } from 'node:fs';
      import { setTimeout } from 'node:timers/promises';
      import { withCheckoutLock } from ${lock};
      await withCheckoutLock(import.meta.dirname, async () => {
        appendFileSync('order', 'in\\n');
        await setTimeout(100);
        appendFileSync('order', 'out\\n');
      });`,
  });
  const ends = await Promise.all([1, 2, 3].map(() => run(process.execPath, ['work.mjs'], { cwd: root })));
  assert.deepEqual(
    ends.map(({ status }) => status),
    [0, 0, 0],
  );
  assert.deepEqual(lines(join(root, 'order')), ['in', 'out', 'in', 'out', 'in', 'out']);
  assert.equal(existsSync(join(root, LOCK)), false);
});

test('the lock of a process that was killed is taken over', async (t) => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  const root = temporaryFolder(t, { [LOCK]: String(pid) });
  assert.equal(await withCheckoutLock(root, async () => 'done'), 'done');
});

test('waiting has an end, and one line says who holds the lock and where it is', async (t) => {
  const root = temporaryFolder(t, { [LOCK]: String(process.ppid) });
  await assert.rejects(
    withCheckoutLock(root, async () => 'done', 0),
    (error) =>
      error instanceof FrontDoorFailure &&
      error.code === 'busy' &&
      error.message.includes(`${process.ppid}`) &&
      error.message.includes(LOCK),
  );
  assert.ok(existsSync(join(root, LOCK)), 'it is not ours to remove');
});

test('work that fails leaves no lock', async (t) => {
  const root = temporaryFolder(t);
  await assert.rejects(
    withCheckoutLock(root, async () => assert.fail('no')),
    /no/,
  );
  assert.equal(existsSync(join(root, LOCK)), false);
});
