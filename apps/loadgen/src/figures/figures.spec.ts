import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { parseStat, readCpuTimes } from './cpu-time.ts';
import { CpuMeter } from './cpu-meter.ts';
import { Latencies } from './latencies.ts';
import { checkOpenFiles } from './open-files.ts';

describe('latencies', () => {
  it('gives percentiles in milliseconds, to three digits', () => {
    const latencies = new Latencies();
    for (let value = 1; value <= 1_000; value++) latencies.record('receipt', value / 10);
    const { count, p50, p90, p99, max } = latencies.summary('receipt');
    expect(count).toBe(1_000);
    for (const [found, expected] of [[p50, 50], [p90, 90], [p99, 99], [max, 100]] as const) expect(Math.abs(found / expected - 1)).toBeLessThan(0.002);
    expect(latencies.summary('sameServer')).toEqual({ count: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0 });
  });

  it('takes a clock’s step back for zero and half an hour for what it is', () => {
    const latencies = new Latencies();
    latencies.record('sameServer', -1);
    latencies.record('sameServer', 1_800_000);
    expect(latencies.summary('sameServer').count).toBe(2);
    expect(latencies.summary('sameServer').max / 1_800_000).toBeCloseTo(1, 2);
  });

  it('adds up over workers as if one had recorded all', () => {
    const [first, second] = [new Latencies(), new Latencies()];
    for (let value = 0; value < 500; value++) {
      first.record('crossServer', 1);
      second.record('crossServer', 3);
    }
    const sum = new Latencies();
    for (const each of [first, second]) sum.add(Latencies.decode(each.encode()));
    expect(sum.summary('crossServer').count).toBe(1_000);
    expect(sum.summary('crossServer').p50).toBeCloseTo(1, 2);
    expect(sum.summary('crossServer').p90).toBeCloseTo(3, 2);
  });
});

describe('CPU time', () => {
  it('reads a command that looks like fields', () => {
    const stat = '42 (a b) c (d) S 7 42 42 0 -1 4194304 1 2 3 4 100 20 3 4 20 0 1 0';
    expect(parseStat(stat)).toEqual({ parent: 7, ticks: 127 });
  });

  it('counts the children of a process, those that ended too', async () => {
    // The shell does nothing itself; one child has ended when it says so, the other waits for its stdin.
    const burn = 'for (const end = Date.now() + 400; Date.now() < end;);';
    const shell = spawn('sh', ['-c', `"$0" -e '${burn}'; "$0" -e '${burn} console.log(1); process.stdin.resume()'`, process.execPath]);
    try {
      await once(shell.stdout, 'data');
      const [microseconds, absent] = readCpuTimes([shell.pid ?? 0, 2 ** 22 + 1]);
      expect(microseconds).toBeGreaterThan(200_000);
      expect(absent).toBeUndefined();
    } finally {
      shell.stdin.end();
      await once(shell, 'close');
    }
  });

  it('has no figure for a process that was not there all the time', () => {
    const meter = new CpuMeter([{ name: 'self', pid: process.pid }, { name: 'gone', pid: 2 ** 22 + 1 }]);
    meter.start();
    const [self, gone] = meter.stop();
    expect(self?.microseconds).toBeGreaterThanOrEqual(0);
    expect(gone).toEqual({ name: 'gone', microseconds: undefined });
  });
});

describe('open files', () => {
  it('says how many it takes and how to allow them', () => {
    expect(() => checkOpenFiles(10)).not.toThrow();
    expect(() => checkOpenFiles(2 ** 31)).toThrow(/need 2147483712 open files, and the limit is \d+: run `ulimit -n 2147483712`/);
  });
});
