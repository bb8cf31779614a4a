import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseClusterLine } from './cluster-file.ts';
import { parseCommandLine } from './command-line.ts';
import { parseDuration } from './duration.ts';
import { UsageError } from './options.ts';

const SECRET = 'a secret of thirty-two bytes and more';
const CLUSTER = {
  url: 'http://127.0.0.1:8080',
  servers: [{ id: 'server1', url: 'http://127.0.0.1:8081', pid: 11 }, { id: 'server2', url: 'http://127.0.0.1:8082', pid: 12 }],
  services: { rabbitmq: { url: 'amqp://127.0.0.1', pid: 13 }, redis: { url: 'redis://127.0.0.1' } },
  jwtSecret: SECRET,
};

describe('command line', () => {
  it('has a default for everything', () => {
    expect(parseCommandLine([], {})).toMatchObject({
      scenario: 'direct', urls: ['ws://127.0.0.1:8080/ws-chat'], users: 100, rate: 100, duration: 30_000, warmup: 0, drain: 30_000,
      arrivals: 'constant', workers: 1, processes: [], jwtSecret: undefined, jsonFile: undefined,
    });
  });

  it('takes the scenario by name, and its own figures', () => {
    expect(parseCommandLine(['room', '--members', '10000', '--users', '3000'], {})).toMatchObject({ scenario: 'room', members: 10_000, users: 3_000, joinRate: 300, connectRate: 500 });
    expect(parseCommandLine(['--scenario', 'room', '--users', '30'], {})).toMatchObject({ scenario: 'room', members: 30 });
    expect(parseCommandLine(['long-absence'], {})).toMatchObject({ scenario: 'long-absence', missed: 100_000, syncs: 5 });
  });

  it('takes addresses in the forms in which people have them', () => {
    const urls = ['http://127.0.0.1:8081', 'https://chat.example/', 'ws://[::1]:8082/other'].flatMap((url) => ['--url', url]);
    expect(parseCommandLine(urls, {})?.urls).toEqual(['ws://127.0.0.1:8081/ws-chat', 'wss://chat.example/ws-chat', 'ws://[::1]:8082/other']);
  });

  it('takes figures, processes and the secret', () => {
    const args = ['--users', '20', '--rate', '0.5', '--duration', '2m', '--warmup', '500ms', '--pid', 'server1=4711', '--pid', 'redis=4712', '--arrivals', 'poisson'];
    expect(parseCommandLine(args, { JWT_SECRET: SECRET })).toMatchObject({
      users: 20, rate: 0.5, duration: 120_000, warmup: 500, arrivals: 'poisson', jwtSecret: SECRET,
      processes: [{ name: 'server1', pid: 4711 }, { name: 'redis', pid: 4712 }],
    });
  });

  it('takes addresses, processes and the secret from a cluster’s line', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'loadgen-'));
    try {
      const file = path.join(folder, 'cluster.json');
      writeFileSync(file, `starting\n${JSON.stringify(CLUSTER)}\n`);
      expect(parseCommandLine(['--cluster', file, '--pid', 'other=7'], {})).toMatchObject({
        urls: ['ws://127.0.0.1:8081/ws-chat', 'ws://127.0.0.1:8082/ws-chat'],
        jwtSecret: SECRET,
        processes: [{ name: 'server1', pid: 11 }, { name: 'server2', pid: 12 }, { name: 'rabbitmq', pid: 13 }, { name: 'other', pid: 7 }],
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    [['--rate', 'fast'], /--rate .*fast.*number above 0/],
    [['--users', '1'], /whole number from 2 on/],
    [['--duration', '60'], /a time such as/],
    [['--url', 'localhost:8080'], /no address such as/],
    [['--pid', 'server1'], /name=pid/],
    [['--scenario', 'dance'], /direct/],
    [['dance'], /direct/],
    [['room', '--members', '20', '--users', '30'], /cannot be fewer than --users/],
    [['--warmup', '60s', '--duration', '10s'], /must be shorter/],
    [['--workers', '8', '--users', '8'], /two --users at least/],
    [['--unknown'], /unknown option.*--help/],
    [['--cluster', '/no/such/file'], /ENOENT/],
  ])('refuses %j in one line', (args, message) => {
    expect(() => parseCommandLine(args, {})).toThrow(UsageError);
    expect(() => parseCommandLine(args, {})).toThrow(message);
  });

  it('refuses a secret that no server takes', () => {
    expect(() => parseCommandLine([], { JWT_SECRET: 'short' })).toThrow(/fewer than 32 bytes/);
  });
});

describe('cluster line', () => {
  it.each(['', 'no json', '{"servers":[]}', '{"servers":"x"}', '{broken'])('says what is missing in %j', (text) => {
    expect(() => parseClusterLine(text)).toThrow(/--cluster: there is no line/);
  });
});

describe('duration', () => {
  it.each([['500ms', 500], ['60s', 60_000], ['2m', 120_000], ['1.5h', 5_400_000], ['0s', 0]])('%s', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each(['60', 's', '-1s', '1 s', '1d', ''])('is not %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
