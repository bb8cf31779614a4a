import { createServer, type AddressInfo } from 'node:net';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@chat/services';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { ServerProcess, type Ended } from '../testing/server-process.ts';
import { StompClient } from '../testing/stomp-client.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { JWT_SECRET, tokenOf } from '../testing/test-server.ts';

// Whoever starts a server sees one line that says what to change, and the exit status 1.

let database: TestDatabase;
let folder: string;
const started: ServerProcess[] = [];

beforeAll(async () => {
  database = await createTestDatabase(inject('services').databaseUrl);
  folder = await mkdtemp(join(tmpdir(), 'chat-server-test-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.kill()));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

function start(env: NodeJS.ProcessEnv): ServerProcess {
  const server = new ServerProcess({ HOST: '127.0.0.1', PORT: '0', DATA_DIR: join(folder, 'data'), JWT_SECRET, ...env });
  started.push(server);
  return server;
}

async function refusal(env: NodeJS.ProcessEnv): Promise<{ ended: Ended; line: string; stdout: string }> {
  const server = start(env);
  const ended = await server.ended;
  const [line = '', ...rest] = server.stderr.split('\n');
  expect(rest, server.stderr).toEqual(['']);
  return { ended, line, stdout: server.stdout };
}

const amqp = 'amqp://127.0.0.1:1';
const postgres = 'postgresql://u:canary-secret@127.0.0.1:1/chat';

// Processes take their time to start on a busy machine.
const options = { timeout: 60_000 };

describe('a start that is refused', options, () => {
  it.each([
    ['a part of many servers is missing', { RABBITMQ_URL: amqp, DATABASE_URL: postgres }, /^REDIS_URL is missing/],
    ['a value that cannot be', { PORT: 'http' }, /^PORT must be a whole number/],
    ['a secret that is too short', { JWT_SECRET: 'canary-secret' }, /^JWT_SECRET must have 32 bytes/],
    ['an address that is none', { DATABASE_URL: 'canary-secret' }, /^DATABASE_URL must look like/],
  ])('[BOOT-1] %s: one line that names the setting, and exit status 1', async (_what, env, says) => {
    const { ended, line, stdout } = await refusal(env);
    expect(ended).toEqual({ code: 1, signal: null });
    expect(line).toMatch(says);
    expect(line + stdout).not.toContain('canary-secret');
    expect(await readdir(folder)).toEqual([]);
  });

  it('[BOOT-2] a port that is in use: one line that names it, and exit status 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo; // a TCP server that listens has no other kind
    const { ended, line } = await refusal({ DATABASE_URL: database.url, PORT: String(port) });
    other.close();
    expect(ended.code).toBe(1);
    expect(line).toMatch(new RegExp(`port is in use.*${port}.*PORT`));
  });

  it('[BOOT-3] a database that does not answer: one line without its password, and exit status 1', async () => {
    const { ended, line, stdout } = await refusal({ DATABASE_URL: postgres });
    expect(ended.code).toBe(1);
    expect(line).toMatch(/127\.0\.0\.1:1|ECONNREFUSED/);
    expect(line + stdout).not.toContain('canary-secret');
  });

  it('[BOOT-4] a database that another server holds: one line, and exit status 1; the first one serves on', async () => {
    const first = start({ DATABASE_URL: database.url });
    const url = await first.url();
    const { ended, line } = await refusal({ DATABASE_URL: database.url });
    expect(ended.code).toBe(1);
    expect(line).toMatch(/another|in use|holds/i);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });
});

describe('a process that serves', options, () => {
  it('[BOOT-5] says where it is; SIGTERM ends its sessions with 1012 and itself with exit status 0', async () => {
    const port = await freePort();
    const server = start({ DATABASE_URL: database.url, PORT: String(port), RATE_LIMITS: 'off' });
    expect(await server.url()).toBe(`http://localhost:${port}`);
    const client = await StompClient.connect(`ws://127.0.0.1:${port}/ws-chat`, { Authorization: `Bearer ${await tokenOf('anna')}` });
    await client.subscribeToMessages();
    await client.say('anna', 'kept');
    server.terminate();
    expect(await client.closed).toMatchObject({ code: 1012 });
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(server.stderr).toBe('');

    const again = start({ DATABASE_URL: database.url, RATE_LIMITS: 'off' });
    const { port: newPort } = new URL(await again.url());
    const back = await StompClient.connect(`ws://127.0.0.1:${newPort}/ws-chat`, { Authorization: `Bearer ${await tokenOf('anna')}` });
    expect(await back.say('anna', 'and goes on')).toBe(2);
    await back.disconnect();
  });
});
