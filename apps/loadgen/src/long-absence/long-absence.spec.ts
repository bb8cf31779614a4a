import { describe, expect, it } from 'vitest';
import { absenceTable } from './absence-table.ts';
import { MemorySampler } from './memory-sampler.ts';

const summary = { count: 10, p50: 1, p90: 2, p99: 3, p999: 4, max: 5 };
const MEBIBYTE = 2 ** 20;

describe('the report of a long absence', () => {
  it('shows syncs, others and memory in the three phases', () => {
    const figure = (median: number) => ({ median: median * MEBIBYTE, max: (median + 1) * MEBIBYTE });
    const table = absenceTable({
      ok: false, missed: 100, wrong: 0,
      syncs: [{ entries: 99, milliseconds: 1_500, wrong: 'seq 3 came as number 2' }],
      othersMs: { before: summary, during: { ...summary, p99: 33 }, after: { ...summary, count: 0 } },
      memory: [{ name: 'server1', phases: { before: figure(100), during: figure(110), after: undefined } }],
    });
    expect(table.split('\n')).toEqual([
      'A device that has missed 100 entries, 1 times:',
      '  99 entries in 1.50 s, seq 3 came as number 2',
      '',
      'others, ms               count       p50       p99       max',
      '  before                    10      1.00      3.00      5.00',
      '  during                    10      1.00     33.00      5.00',
      '  after                      0         -         -         -',
      '',
      'memory, MiB             before       max    during       max     after       max',
      '  server1                100.0     101.0     110.0     111.0         -         -',
      '',
      'wrong among the others 0   not as it must be',
      '',
    ]);
  });
});

describe('memory', () => {
  it.runIf(process.platform === 'linux')('is told apart by phase', async () => {
    const sampler = new MemorySampler([{ name: 'self', pid: process.pid }, { name: 'gone', pid: 2 ** 22 + 1 }]);
    await expect.poll(() => sampler.figure('self', 'before')?.max).toBeGreaterThan(MEBIBYTE);
    sampler.phase = 'during';
    await expect.poll(() => sampler.figure('self', 'during')?.median).toBeGreaterThan(MEBIBYTE);
    sampler.stop();
    expect(sampler.figure('self', 'after')).toBeUndefined();
    expect(sampler.figure('gone', 'before')).toBeUndefined();
  });
});
