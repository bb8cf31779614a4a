import assert from 'node:assert/strict';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { run, start, temporaryFolder } from './temporary-checkout.mjs';

const CHILD = JSON.stringify(join(import.meta.dirname, 'child.mjs'));

/** Both ways to hand a process over have to look the same from outside. */
const ways = { 'becoming the command': 'become', 'staying in between': 'passThrough' };

for (const [way, name] of Object.entries(ways)) {
  /** @param {import('node:test').TestContext} t @param {string} command */
  const door = (t, command) =>
    temporaryFolder(t, {
      'command.mjs': command,
      'door.mjs': `import { ${name} } from ${CHILD};
        await ${name}(process.execPath, ['command.mjs', ...process.argv.slice(2)], { cwd: import.meta.dirname, env: { ...process.env, GIVEN: 'given' } });`,
    });

  test(`${way}: arguments, environment, stdin, stdout and the exit code are passed on`, async (t) => {
    const cwd = door(
      t,
      `import { text } from 'node:stream/consumers';
       console.log(JSON.stringify([process.argv.slice(2), process.env.GIVEN, await text(process.stdin)]));
       console.error('told');
       process.exitCode = 7;`,
    );
    const end = await run(process.execPath, ['door.mjs', '--flag', 'a b'], { cwd, input: 'typed' });
    assert.deepEqual(end, {
      status: 7,
      signal: null,
      stdout: '[["--flag","a b"],"given","typed"]\n',
      stderr: 'told\n',
    });
  });

  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    test(`${way}: ${signal} reaches the command, which ends in its own time`, async (t) => {
      const cwd = door(
        t,
        `process.once('${signal}', () => setTimeout(() => { console.log('ended by ${signal}'); process.exit(3); }, 50));
         setInterval(() => {}, 1000);
         console.log('up');`,
      );
      const { child, finished, shows } = start(process.execPath, ['door.mjs'], { cwd });
      await shows('up');
      child.kill(signal);
      const { status, stdout } = await finished;
      assert.deepEqual([status, stdout], [3, `up\nended by ${signal}\n`]);
    });
  }

  test(`${way}: a command that a signal ended looks like one`, async (t) => {
    const cwd = door(t, "process.kill(process.pid, 'SIGKILL');");
    const { status, signal } = await run(process.execPath, ['door.mjs'], { cwd });
    assert.deepEqual([status, signal], [null, 'SIGKILL']);
  });
}
