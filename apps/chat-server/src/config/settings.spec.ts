import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '@chat/protocol';
import { readSettings, serverIdOfHost } from './settings.ts';
import { SettingsError } from './settings-error.ts';
import { SETTINGS } from './setting-list.ts';

const SECRET = '0123456789abcdef0123456789abcdef';
const CLUSTER = {
  DATABASE_URL: 'postgresql://chat:hidden-word@db.example.org/chat',
  RABBITMQ_URL: 'amqp://chat:hidden-word@mq.example.org',
  REDIS_URL: 'redis://redis.example.org:6379',
  JWT_SECRET: SECRET,
};

const folder = mkdtempSync(join(tmpdir(), 'settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('modes', () => {
  test("without any variable everything is embedded, with the protocol's limits", () => {
    const settings = readSettings({});
    expect(settings.mode).toBe('embedded');
    expect(settings.http).toMatchObject({ port: 8080, allowedOrigins: [], trustProxy: false });
    expect(settings.limits).toEqual(DEFAULT_LIMITS);
    expect(settings.metrics).toBeUndefined();
    expect(settings.identity.jwtSecret).toBeUndefined();
    expect(settings.rates.enabled).toBe(true);
    expect(settings.serverId).toMatch(/^[a-z0-9-]{1,40}$/);
  });

  test('DATABASE_URL alone is one server on an outside PostgreSQL, without a secret of its own', () => {
    const settings = readSettings({ DATABASE_URL: CLUSTER.DATABASE_URL });
    expect(settings).toMatchObject({ mode: 'single', database: { url: CLUSTER.DATABASE_URL, connections: 10 } });
    expect(settings.identity.jwtSecret).toBeUndefined();
  });

  test('all addresses and the secret make a cluster', () => {
    const settings = readSettings({ ...CLUSTER, SERVER_ID: 'server1', RABBITMQ_URL: 'amqp://a:5672,amqps://b:5671/v' });
    expect(settings).toMatchObject({
      mode: 'cluster',
      serverId: 'server1',
      rabbitmq: { urls: ['amqp://a:5672', 'amqps://b:5671/v'] },
      redis: { url: CLUSTER.REDIS_URL },
    });
    expect(settings.identity.jwtSecret).toHaveLength(32);
  });

  test('an empty variable counts as not set', () => {
    expect(readSettings({ DATABASE_URL: '', PORT: '', METRICS_PORT: '' })).toMatchObject({
      mode: 'embedded',
      http: { port: 8080 },
    });
  });
});

describe('values', () => {
  test('every limit has a variable', () => {
    const settings = readSettings({ LIMIT_FRAME_BYTES: '131072', LIMIT_SESSIONS_PER_USER: '3' });
    expect(settings.limits).toEqual({ ...DEFAULT_LIMITS, frameBytes: 131_072, sessionsPerUser: 3 });
  });

  test('a secret may come as a file, whose last line break is no part of it', () => {
    const settings = readSettings({ JWT_SECRET_FILE: file('secret', `${SECRET}\n`) });
    expect(new TextDecoder().decode(settings.identity.jwtSecret)).toBe(SECRET);
  });

  test('the secret counts bytes, not characters', () => {
    expect(readSettings({ JWT_SECRET: '한글비밀번호열한글자이상' }).identity.jwtSecret).toHaveLength(36);
  });

  test('origins are kept as browsers send them', () => {
    const { http } = readSettings({
      ALLOWED_ORIGINS: 'https://Chat.Example.org:443, http://localhost:4200,capacitor://localhost',
    });
    expect(http.allowedOrigins).toEqual(['https://chat.example.org', 'http://localhost:4200', 'capacitor://localhost']);
  });

  test('proxies are named by address', () => {
    expect(readSettings({ TRUST_PROXY: 'loopback, 10.0.0.0/8,2001:db8::1' }).http.trustProxy).toEqual([
      'loopback',
      '10.0.0.0/8',
      '2001:db8::1',
    ]);
  });

  test('metrics stay on loopback unless told otherwise', () => {
    expect(readSettings({ METRICS_PORT: '9100' }).metrics).toEqual({ host: '127.0.0.1', port: 9100 });
  });

  test.each([
    ['Web-1.Example.ORG', 'web-1-example-org'],
    ['_', 'server'],
    ['x'.repeat(64), 'x'.repeat(40)],
    ['채팅-host', 'host'],
  ])('the host name %s fits as %s', (host, id) => expect(serverIdOfHost(host)).toBe(id));

  test('nothing is read from the environment that is not in the list', () => {
    const asked = new Set<string>();
    const spy = new Proxy<NodeJS.ProcessEnv>(
      { METRICS_PORT: '1' },
      {
        get: (variables, name) => {
          asked.add(String(name));
          return variables[String(name)];
        },
      },
    );
    readSettings(spy);
    const secrets = [...SETTINGS].filter(([, spec]) => spec.secret).map(([name]) => `${name}_FILE`);
    expect([...asked].sort()).toEqual([...SETTINGS.keys(), ...secrets].sort());
  });
});

describe('faults', () => {
  test.each([
    ['DATABASE_URL', 'setting-missing', { ...CLUSTER, DATABASE_URL: undefined }],
    ['JWT_SECRET', 'setting-missing', { ...CLUSTER, JWT_SECRET: undefined }],
    ['REDIS_URL', 'setting-missing', { ...CLUSTER, REDIS_URL: undefined }],
    ['RABBITMQ_URL', 'setting-missing', { ...CLUSTER, RABBITMQ_URL: undefined }],
    ['PORT', 'setting-invalid', { PORT: '80a' }],
    ['PORT', 'setting-invalid', { PORT: '65536' }],
    ['PORT', 'setting-invalid', { PORT: '-1\n' }],
    ['SERVER_ID', 'setting-invalid', { SERVER_ID: 'Server_1' }],
    ['SERVER_ID', 'setting-invalid', { SERVER_ID: 'a'.repeat(41) }],
    ['JWT_SECRET', 'setting-invalid', { JWT_SECRET: 'hidden-word' }],
    ['DATABASE_URL', 'setting-invalid', { DATABASE_URL: 'mysql://chat:hidden-word@db' }],
    ['RABBITMQ_URL', 'setting-invalid', { ...CLUSTER, RABBITMQ_URL: 'http://chat:hidden-word@mq' }],
    ['RABBITMQ_URL', 'setting-invalid', { ...CLUSTER, RABBITMQ_URL: 'amqp://a,http://chat:hidden-word@mq' }],
    ['REDIS_URL', 'setting-invalid', { ...CLUSTER, REDIS_URL: 'redis.example.org' }],
    ['DATABASE_CONNECTIONS', 'setting-invalid', { DATABASE_CONNECTIONS: '1' }],
    ['ALLOWED_ORIGINS', 'setting-invalid', { ALLOWED_ORIGINS: '*' }],
    ['ALLOWED_ORIGINS', 'setting-invalid', { ALLOWED_ORIGINS: 'https://chat.example.org/' }],
    ['ALLOWED_ORIGINS', 'setting-invalid', { ALLOWED_ORIGINS: 'chat.example.org' }],
    ['ALLOWED_ORIGINS', 'setting-invalid', { ALLOWED_ORIGINS: 'https://*.example.org' }],
    ['TRUST_PROXY', 'setting-invalid', { TRUST_PROXY: 'on' }],
    ['TRUST_PROXY', 'setting-invalid', { TRUST_PROXY: '1' }],
    ['TRUST_PROXY', 'setting-invalid', { TRUST_PROXY: '0.0.0.0/0' }],
    ['RATE_LIMITS', 'setting-invalid', { RATE_LIMITS: 'false' }],
    ['REGISTRATION', 'setting-invalid', { REGISTRATION: 'yes' }],
    ['USER_SEARCH', 'setting-invalid', { USER_SEARCH: 'all' }],
    ['LOG_LEVEL', 'setting-invalid', { LOG_LEVEL: 'verbose' }],
    ['ACCESS_TOKEN_SECONDS', 'setting-invalid', { ACCESS_TOKEN_SECONDS: '0' }],
    ['REFRESH_TOKEN_SECONDS', 'setting-invalid', { REFRESH_TOKEN_SECONDS: '1e9' }],
    ['LIMIT_HEADERS', 'setting-invalid', { LIMIT_HEADERS: '0' }],
    ['LIMIT_FRAME_BYTES', 'setting-invalid', { LIMIT_FRAME_BYTES: '64KiB' }],
    ['LIMIT_FRAME_BYTES_BEFORE_CONNECTED', 'settings-conflict', { LIMIT_FRAME_BYTES: '1024' }],
    ['METRICS_PORT', 'settings-conflict', { METRICS_PORT: '8080' }],
    ['WEB_ROOT', 'setting-invalid', { WEB_ROOT: join(folder, 'nowhere') }],
    ['JWT_SECRET_FILE', 'setting-unreadable', { JWT_SECRET_FILE: join(folder, 'nowhere') }],
    ['JWT_SECRET_FILE', 'setting-invalid', { JWT_SECRET_FILE: file('empty', '\n') }],
    ['JWT_SECRET', 'settings-conflict', { JWT_SECRET: SECRET, JWT_SECRET_FILE: file('both', SECRET) }],
  ])('%s: %s, on one line', (variable, code, variables) => {
    const error = faultOf(variables);
    expect(error).toMatchObject({ name: 'SettingsError', variable, code });
    expect(error.message.startsWith(`${variable} `)).toBe(true);
    expect(error.message).not.toMatch(/[\r\n]/);
    expect(error.message).not.toContain('hidden-word');
  });
});

function faultOf(variables: NodeJS.ProcessEnv): SettingsError {
  try {
    readSettings(variables);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error('the settings were taken');
}
