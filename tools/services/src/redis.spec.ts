import { Redis } from 'ioredis';
import { mkdtempSync, existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { expectGone } from './fixture/expect-gone.ts';
import { freePort } from './free-port.ts';
import { startRedis, type RedisOptions } from './redis.ts';

async function runningRedis(options: RedisOptions = {}) {
  const service = await startRedis(options);
  const client = new Redis(service.url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on('error', () => undefined); // these tests break its connection on purpose
  onTestFinished(async () => {
    client.disconnect();
    await service.stop();
  });
  return { service, client };
}

test('answers commands; its pid is the server itself', async () => {
  const { service, client } = await runningRedis();
  expect(await client.set('key', 'value')).toBe('OK');
  expect(await client.get('key')).toBe('value');
  expect(await client.info('server')).toContain(`process_id:${service.pid}\r\n`);
});

test('stop leaves no process, no listener and no folder, and may be called twice', async () => {
  const { service } = await runningRedis();
  await service.stop();
  await service.stop();
  await expectGone({ pids: [service.pid], ports: [service.port], dirs: [service.dir] });
});

test('restarts empty on the same port, after an orderly end and after SIGKILL', async () => {
  const { service, client } = await runningRedis();
  const pids = [service.pid];
  for (const end of [() => service.halt(), () => service.kill('SIGKILL')]) {
    await client.set('key', 'value');
    await end();
    expect(service.isRunning).toBe(false);
    await service.start();
    pids.push(service.pid);
    expect(await client.get('key')).toBeNull();
  }
  expect(new Set(pids).size).toBe(3);
});

test('a stopped server answers when it is continued', async () => {
  const { service, client } = await runningRedis();
  await client.ping();
  await service.kill('SIGSTOP');
  const answer = client.ping();
  const first = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 100, 'silence'))]);
  expect(first).toBe('silence');
  await service.kill('SIGCONT');
  expect(await answer).toBe('PONG');
});

test('stop ends a server that is stopped by SIGSTOP', async () => {
  const { service } = await runningRedis();
  await service.kill('SIGSTOP');
  await service.stop();
  await expectGone({ pids: [service.pid], ports: [service.port], dirs: [service.dir] });
});

test('uses the port, the folder and the settings it is given, and leaves that folder', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'chat-redis-given-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const port = await freePort();
  const { service, client } = await runningRedis({ dir, port, settings: { maxmemory: '64mb' } });
  expect(service).toMatchObject({ dir, port, url: `redis://127.0.0.1:${port}` });
  expect(await client.config('GET', 'maxmemory')).toEqual(['maxmemory', String(64 * 1024 * 1024)]);
  await service.stop();
  expect(existsSync(dir)).toBe(true);
});

test('a start on a port that is taken says so, and leaves the other alone', async () => {
  const { service } = await runningRedis();
  const second = startRedis({ port: service.port });
  await expect(second).rejects.toMatchObject({ code: 'SERVICE_START_FAILED' });
  await expect(second).rejects.toThrow(`port ${service.port} is taken`);
});
