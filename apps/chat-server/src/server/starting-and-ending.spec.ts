import { randomUUID } from 'node:crypto';
import { freePort, pollUntil, startPostgres } from '@chat/services';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { migrations } from '../database/migrations/index.ts';
import { ServerProcess } from '../testing/server-process.ts';
import { StompClient } from '../testing/stomp-client.ts';
import { createTestDatabase } from '../testing/test-database.ts';
import { JWT_SECRET, TestServer, tokenOf } from '../testing/test-server.ts';

// What a server shows while it starts, and how it ends while something is away.

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function start(env: NodeJS.ProcessEnv): ServerProcess {
  const server = new ServerProcess({ HOST: '127.0.0.1', JWT_SECRET, RATE_LIMITS: 'off', LOG_LEVEL: 'info', ...env });
  undo.push(() => server.kill());
  return server;
}

async function newDatabase(serverUrl: string): Promise<string> {
  const database = await createTestDatabase(serverUrl);
  undo.push(() => database.drop());
  return database.url;
}

/** The settings of one of many servers, whose RabbitMQ is at `rabbitmqUrl`. */
async function clusterSettings(serverId: string, rabbitmqUrl: string): Promise<{ url: string; env: NodeJS.ProcessEnv }> {
  const { databaseUrl, redisUrl } = inject('services');
  const port = await freePort();
  const DATABASE_URL = await newDatabase(databaseUrl);
  const env = { PORT: String(port), SERVER_ID: serverId, DATABASE_URL, REDIS_URL: redisUrl, RABBITMQ_URL: rabbitmqUrl };
  return { url: `http://127.0.0.1:${port}`, env };
}

async function leaseOf(serverId: string): Promise<string | null> {
  const redis = new Redis(inject('services').redisUrl);
  try {
    return await redis.hget('{chat}:leases', serverId);
  } finally {
    redis.disconnect();
  }
}

async function answer(url: string): Promise<{ status: number; body: unknown } | undefined> {
  try {
    const response = await fetch(url);
    return { status: response.status, body: await response.json() };
  } catch {
    return undefined; // nobody listens yet
  }
}

/** Fails if it does not come true. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  expect(await pollUntil(condition, { timeoutMs: 20_000 })).toBe(true);
}

const options = { timeout: 60_000 };

describe('a start that waits for RabbitMQ', options, () => {
  it('[BOOT-6] shows that it lives and what it waits for, lets nobody in, and ends at SIGTERM without a lease', async () => {
    const { url, env } = await clusterSettings('boot-6', `amqp://127.0.0.1:${await freePort()}`);
    const server = start(env);
    const waiting = { status: 503, body: { status: 'starting', degraded: ['rabbitmq'] } };
    await until(async () => JSON.stringify(await answer(`${url}/readyz`)) === JSON.stringify(waiting));
    expect(await answer(`${url}/healthz`)).toEqual({ status: 200, body: { status: 'alive' } });
    expect(await answer(`${url}/api/me`)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    await expect(StompClient.open(`${url.replace('http', 'ws')}/ws-chat`)).rejects.toThrow('503');
    expect(await leaseOf('boot-6')).not.toBeNull();

    server.terminate();
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(await leaseOf('boot-6')).toBeNull();
  });

  it('[BOOT-7] one that can never succeed gives up its lease', async () => {
    const wrong = new URL(inject('services').rabbitmqUrl);
    wrong.password = 'wrong';
    const { env } = await clusterSettings('boot-7', wrong.href);
    expect((await start(env).ended).code).toBe(1);
    expect(await leaseOf('boot-7')).toBeNull();
  });
});

describe('SIGTERM while PostgreSQL is away', options, () => {
  it.each([
    ['gone', 'SIGKILL'],
    ['silent', 'SIGSTOP'],
  ] as const)('[BOOT-8] %s: exit status 0 of its own accord, and one line about the send that was not stored', async (_how, signal) => {
    const postgres = await startPostgres();
    undo.push(() => postgres.kill('SIGKILL').then(() => postgres.stop()));
    const database = await createTestDatabase(postgres.url); // goes with its PostgreSQL
    const port = await freePort();
    const server = start({ PORT: String(port), DATABASE_URL: database.url });
    await server.url();
    const client = await StompClient.connect(`ws://127.0.0.1:${port}/ws-chat`, { Authorization: `Bearer ${await tokenOf('anna')}` });
    await client.subscribeToMessages();
    await client.say('anna', 'kept');
    await postgres.kill(signal);
    client.send('/app/chat.send', { to: 'anna', message: 'not kept' }, { receipt: 'r' });
    await until(() => server.stdout.includes('"available":false'));

    server.terminate();
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(server.stderr).toBe('');
    const lines = server.stdout.split('\n').filter((line) => line.includes('the store was away at the end: these sends'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('"entries":1');
  });
});

describe('SIGTERM of one of many servers', options, () => {
  it('[BOOT-9] its own closing is not logged as services that went away', async () => {
    const { env } = await clusterSettings('boot-9', inject('services').rabbitmqUrl);
    const server = start(env);
    await server.url();
    server.terminate();
    expect(await server.ended).toEqual({ code: 0, signal: null });
    const ending = server.stdout.slice(server.stdout.indexOf('"why":"SIGTERM"'));
    expect(ending.split('\n').filter((line) => line.includes('"level":40') || line.includes('"level":50'))).toEqual([]);
  });
});

describe('three servers that start at once', () => {
  it.each([
    ['an empty database', 0],
    ['the schema of the release before', migrations.length - 1],
  ])('[BOOT-10] on %s: each migration runs once, and all of them serve', async (_from, before) => {
    const { databaseUrl, redisUrl, rabbitmqUrl } = inject('services');
    const database = await createTestDatabase(databaseUrl, migrations.slice(0, before));
    undo.push(() => database.drop());
    const env = { DATABASE_URL: database.url, REDIS_URL: redisUrl, RABBITMQ_URL: rabbitmqUrl };
    const run = randomUUID().slice(0, 8);
    const start = (number: number): Promise<TestServer> => TestServer.start({ ...env, SERVER_ID: `boot-${run}-${number}` });
    const servers = await Promise.all([start(1), start(2), start(3)]);
    undo.push(...servers.map((server) => () => server.stop()));
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<{ id: number }>('select id from schema_migrations order by id');
    await client.end();
    expect(rows.map(({ id }) => id)).toEqual(migrations.map(({ id }) => id));
    const applied = servers.flatMap((server) => server.log.match(/database migration applied/g) ?? []);
    expect(applied).toHaveLength(migrations.length - before);

    const [one, , other] = servers;
    const [alice, bob] = [await one.newUser('alice'), await other.newUser('bob')];
    const [writer, reader] = [await one.chatting(alice), await other.chatting(bob)];
    await writer.say(bob.id, 'all of us are here');
    expect(await reader.message('m', 'CHAT')).toMatchObject({ seq: 1, message: 'all of us are here' });
  });
});
