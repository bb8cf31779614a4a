import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createWorkFolder,
  findBinary,
  freePort,
  pollUntil,
  startRedis,
  SupervisedProcess,
  type Service,
} from '@chat/services';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { describeDirectoryContract } from './directory.contract.ts';
import { MENDED, RedisFixture } from './redis.fixture.ts';

describe('Redis Cluster', () => {
  let fixture: RedisFixture;

  beforeAll(async () => {
    const busPort = String(await freePort());
    fixture = await RedisFixture.start({
      settings: { 'cluster-enabled': 'yes', 'cluster-port': busPort, 'cluster-announce-ip': '127.0.0.1' },
    });
    await fixture.admin.cluster('ADDSLOTSRANGE', 0, 16_383);
    const isWhole = async (): Promise<boolean> => (await fixture.admin.cluster('INFO')).includes('cluster_state:ok');
    if (!(await pollUntil(isWhole, { timeoutMs: 20_000 }))) throw new Error('the cluster did not come up');
  }, 60_000);
  afterAll(() => fixture.stop(), 30_000);
  afterEach(() => fixture.closeServers());

  const url = (): string => fixture.service.url.replace('redis://', 'redis+cluster://');
  describeDirectoryContract({ createDirectory: (serverId) => fixture.createDirectory(serverId, { url: url() }) });

  test('[L2] a node that is killed and starts empty: registered anew', async () => {
    const { directory, listener } = await fixture.join('a', { url: url() });
    await directory.addUser('u');
    await fixture.service.kill('SIGKILL');
    await expect.poll(() => directory.available, MENDED).toBe(false);
    await expect(directory.serversOfUsers(['u'])).rejects.toMatchObject({ name: 'DirectoryUnavailable' });
    await fixture.service.start();
    await expect.poll(() => listener.reregistered.length, MENDED).toBe(1);
    expect(await directory.serversOfUsers(['u'])).toEqual([['a']]);
  }, 60_000);
});

describe('Redis with Sentinel', () => {
  let fixture: RedisFixture;
  let replica: Service;
  let sentinel: SupervisedProcess;
  let url: string;
  const folder = createWorkFolder('sentinel');

  beforeAll(async () => {
    fixture = await RedisFixture.start();
    replica = await startRedis({ settings: { replicaof: `127.0.0.1 ${fixture.service.port}` } });
    const port = await freePort();
    url = `redis+sentinel://127.0.0.1:${port}/chat`;
    sentinel = sentinelProcess(folder.path, port, fixture.service.port);
    await sentinel.start();
  }, 60_000);
  afterAll(async () => {
    await fixture.closeServers();
    await sentinel.halt();
    await replica.stop();
    await fixture.stop();
    folder.remove();
  }, 30_000);

  test('[L2] the master dies: its replica is found, and nothing that was registered is missing there', async () => {
    const [a, b] = [await fixture.join('a', { url }), await fixture.join('b', { url })];
    await a.directory.addUser('u');
    await fixture.service.kill('SIGKILL');
    await expect.poll(() => a.directory.available, MENDED).toBe(false);
    const added = a.directory.addUser('meanwhile');
    await added;
    await expect.poll(() => a.directory.available && b.directory.available, MENDED).toBe(true);
    expect(await b.directory.serversOfUsers(['u', 'meanwhile'])).toEqual([['a'], ['a']]);
    const promoted = new Redis(replica.url);
    expect(await promoted.hget('{chat}:users', 'meanwhile')).toMatch(/^a:\d+$/);
    promoted.disconnect();
  }, 60_000);
});

function sentinelProcess(dir: string, port: number, masterPort: number): SupervisedProcess {
  const configuration = join(dir, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${dir}`,
    `sentinel monitor chat 127.0.0.1 ${masterPort} 1`,
    'sentinel down-after-milliseconds chat 500',
    'sentinel failover-timeout chat 2000',
  ];
  writeFileSync(configuration, `${lines.join('\n')}\n`);
  return new SupervisedProcess({
    name: 'sentinel',
    command: findBinary('redis') ?? 'redis-server',
    args: [configuration, '--sentinel'],
    cwd: dir,
    logFile: join(dir, 'sentinel.log'),
    isReady: () => knowsReplica(port),
    readyTimeoutMs: 20_000,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 5_000,
  });
}

/** Sentinel can put a replica in the master's place only when it has heard of it, from the master. */
async function knowsReplica(port: number): Promise<boolean> {
  const sentinel = new Redis({ port, lazyConnect: true, retryStrategy: () => null });
  sentinel.on('error', () => undefined); // not there yet
  try {
    await sentinel.connect();
    const replicas = await sentinel.call('SENTINEL', 'REPLICAS', 'chat');
    return Array.isArray(replicas) && replicas.length > 0;
  } catch {
    return false;
  } finally {
    sentinel.disconnect();
  }
}
