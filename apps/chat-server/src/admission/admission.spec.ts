import { ChatError } from '@chat/protocol';
import { describe, expect, it } from 'vitest';
import { Admission } from './admission.ts';
import { LoadMonitor } from './load-monitor.ts';

describe('the load of a server', () => {
  const QUIET = { lagMs: 0, memoryPart: 0.2 };
  const LATE = { lagMs: 200, memoryPart: 0.2 };
  const HALF = { lagMs: 70, memoryPart: 0.2 };

  function after(...samples: readonly (typeof QUIET)[]): boolean {
    const load = new LoadMonitor({ lagMs: 100, memoryPart: 0.9 });
    for (const sample of samples) load.onSample(sample);
    return load.overloaded;
  }

  it('is too much after three late seconds in a row, and not after single ones', () => {
    expect(after(LATE, LATE)).toBe(false);
    expect(after(LATE, LATE, QUIET, LATE, LATE)).toBe(false);
    expect(after(LATE, LATE, LATE)).toBe(true);
  });

  it('is so until it was well below the bound for five seconds in a row', () => {
    const late = [LATE, LATE, LATE];
    expect(after(...late, QUIET, QUIET, QUIET, QUIET)).toBe(true);
    expect(after(...late, ...Array.from({ length: 20 }, () => HALF))).toBe(true);
    expect(after(...late, QUIET, QUIET, QUIET, QUIET, HALF, QUIET, QUIET, QUIET, QUIET)).toBe(true);
    expect(after(...late, QUIET, QUIET, QUIET, QUIET, QUIET)).toBe(false);
  });

  it('is too much as well when memory runs short', () => {
    const full = { lagMs: 0, memoryPart: 0.95 };
    expect(after(full, full, full)).toBe(true);
  });

  it('is never too much where no bound is set', () => {
    const load = new LoadMonitor({ lagMs: Infinity, memoryPart: Infinity });
    for (let i = 0; i < 10; i++) load.onSample({ lagMs: 10_000, memoryPart: 1 });
    expect(load.overloaded).toBe(false);
  });
});

describe('admission', () => {
  it('tells each whom it sends away another time to come back', async () => {
    const admission = new Admission({ load: { overloaded: true }, connectsAtOnce: 1, connectsWaiting: 1 });
    const refusals = await Promise.all(Array.from({ length: 100 }, () => admission.connect(() => Promise.resolve()).catch((error: unknown) => error as ChatError)));
    const times = refusals.map((refusal) => refusal?.retryAfterMs ?? 0);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(2_000);
    expect(Math.max(...times)).toBeLessThanOrEqual(10_000);
    expect(new Set(times).size).toBeGreaterThan(50);
    expect(admission.refused).toBe(100);
  });

  it('looks into so many CONNECTs at once, lets so many wait in the order in which they came, and refuses more', async () => {
    const admission = new Admission({ load: { overloaded: false }, connectsAtOnce: 2, connectsWaiting: 3 });
    const started: number[] = [];
    const ends: (() => void)[] = [];
    const connects = Array.from({ length: 5 }, (_, i) =>
      admission.connect(() => {
        started.push(i);
        return new Promise<void>((resolve) => ends.push(resolve));
      }));
    await expect(admission.connect(() => Promise.resolve())).rejects.toMatchObject({ code: 'unavailable' });
    expect({ started: [...started], connecting: admission.connecting, waiting: admission.waiting }).toEqual({ started: [0, 1], connecting: 2, waiting: 3 });
    for (let i = 0; i < 5; i++) {
      ends[i]?.();
      await connects[i];
    }
    expect(started).toEqual([0, 1, 2, 3, 4]);
    expect(admission.connecting).toBe(0);
  });

  it('gives the place on when a CONNECT fails', async () => {
    const admission = new Admission({ load: { overloaded: false }, connectsAtOnce: 1, connectsWaiting: 1 });
    const failing = admission.connect(() => Promise.reject(new ChatError('unauthorized', 'no')));
    const next = admission.connect(() => Promise.resolve('in'));
    await expect(failing).rejects.toMatchObject({ code: 'unauthorized' });
    expect(await next).toBe('in');
  });
});
