import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type ServiceFaults, SmallChatService } from './testing/small-chat-service.ts';

const MAIN = path.join(import.meta.dirname, 'main.ts');
// The one that runs TypeScript by itself, which the node of the PATH may be too old for.
const NODE = path.join(import.meta.dirname, '../../../node_modules/.bin/node');
const SECRET = 'a secret of thirty-two bytes and more';
const SMALL = ['--users', '6', '--rate', '200', '--duration', '500ms', '--drain', '1500ms'];

const services: SmallChatService[] = [];
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()));
});

async function urlArguments(faults?: ServiceFaults): Promise<string[]> {
  const service = new SmallChatService(faults);
  services.push(service);
  return ['--url', await service.listen(), '--url', await service.listen()];
}

type Run = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

function loadgen(args: readonly string[], meanwhile?: (kill: (signal: NodeJS.Signals) => void, stderr: string) => void): Promise<Run> {
  const child = spawn(NODE, [MAIN, ...args], { env: { ...process.env, JWT_SECRET: SECRET } });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
    meanwhile?.((signal) => child.kill(signal), stderr);
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

describe('loadgen', () => {
  it('exits 0 with a table on stdout, and the same as JSON', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'loadgen-'));
    try {
      const file = path.join(folder, 'result.json');
      const { code, stdout, stderr } = await loadgen([...await urlArguments(), ...SMALL, '--json', file, '--pid', `self=${process.pid}`]);
      expect(stderr).toMatch(/^connecting 6 users/);
      expect(stdout).toMatch(/messages\/s +asked 200.0 .*\n.*sent 100 +receipts 100 +arrived 100 +echoes 100/);
      expect(stdout).toMatch(/same server +\d+.*\nacross servers +\d+/);
      expect(stdout).toMatch(/\nlost 0 {3}doubled 0 {3}reordered 0\n$/);
      expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
        ok: true, sent: 100, receipts: 100, lost: 0, doubled: 0, reordered: 0, latencyMs: { receipt: { count: 100 } }, cpu: [{ name: 'self' }, { name: 'loadgen' }],
      });
      expect(code).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('exits 1 and names what is wrong', async () => {
    const urls = await urlArguments({ delivery: (count) => (count === 60 ? 'double' : undefined) });
    const { code, stdout } = await loadgen([...urls, ...SMALL]);
    expect(stdout).toMatch(/lost 0 {3}doubled 1 {3}reordered 0\nverdicts: doubled 1\n {2}doubled direct:load-\S+ seq \d+ key load-/);
    expect(code).toBe(1);
  });

  it('exits 2 with one line where the usage is wrong', async () => {
    const { code, stdout, stderr } = await loadgen(['--rate', 'fast']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^loadgen: .*--rate.*\n$/);
  });

  it('exits 3 with one line where no server answers', async () => {
    const { code, stderr } = await loadgen(['--url', 'http://127.0.0.1:1', ...SMALL]);
    expect(stderr).toMatch(/^connecting .*\nloadgen: nothing answers at ws:\/\/127.0.0.1:1\/ws-chat \(ECONNREFUSED\): start a server there[^\n]*\n$/);
    expect(code).toBe(3);
  });

  it('reports at Ctrl-C', async () => {
    let isInterrupted = false;
    const { code, stdout } = await loadgen([...await urlArguments(), ...SMALL, '--duration', '1h'], (kill, stderr) => {
      if (!isInterrupted && / {2}receipts [1-9]/.test(stderr)) {
        isInterrupted = true;
        kill('SIGINT');
      }
    });
    expect(stdout).toMatch(/lost 0 {3}doubled 0 {3}reordered 0\n$/);
    expect(code).toBe(0);
  });

  it('shares users and rate among workers, and adds up what they found', async () => {
    const urls = await urlArguments({ delivery: (count) => (count === 60 ? 'double' : undefined) });
    const { code, stdout } = await loadgen([...urls, ...SMALL, '--users', '9', '--workers', '2']);
    expect(stdout).toMatch(/9 users \(server1 5, server2 4\)/);
    expect(stdout).toMatch(/sent 100 +receipts 100 /);
    expect(stdout).toMatch(/doubled 1/);
    expect(code).toBe(1);
  });

  it('says also with workers that no server answers', async () => {
    const { code, stderr } = await loadgen(['--url', 'http://127.0.0.1:1', ...SMALL, '--workers', '2']);
    expect(stderr).toMatch(/loadgen: nothing answers at/);
    expect(code).toBe(3);
  });
});
