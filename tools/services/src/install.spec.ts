import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findBinary } from './binaries.ts';
import { ensureInstalled } from './install.ts';
import { typescriptRuntime } from './typescript-runtime.ts';

test('says where the programs are, and says nothing else where all are there', async () => {
  const lines: string[] = [];
  await ensureInstalled(['rabbitmq', 'redis', 'nginx']);
  const paths = await ensureInstalled(['rabbitmq', 'redis', 'nginx'], { log: (line) => lines.push(line) });
  expect(Object.keys(paths)).toEqual(['rabbitmq', 'redis', 'nginx']);
  for (const path of Object.values(paths)) expect(isAbsolute(path) && existsSync(path)).toBe(true);
  expect(lines).toEqual([]);
});

test('RabbitMQ is found without its wrapper, which would change the user', () => {
  expect(findBinary('rabbitmq')).not.toMatch(/^\/usr\/sbin\//);
});

test('the command line names its usage and exits 2 where it does not understand', () => {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  for (const args of [[], ['start'], ['install', 'mongodb']]) {
    const { status, stdout, stderr } = spawnSync(typescriptRuntime(), [main, ...args], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^usage: .*\n$/);
  }
});
