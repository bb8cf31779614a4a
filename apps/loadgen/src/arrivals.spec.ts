import { describe, expect, it } from 'vitest';
import { Arrivals } from './arrivals.ts';
import { seededRandom } from './random.ts';

function take(arrivals: Arrivals, count: number): number[] {
  return Array.from({ length: count }, () => {
    const { next } = arrivals;
    arrivals.advance();
    return next;
  });
}

describe('Arrivals', () => {
  it('constant: one each period, the last at the end of the time', () => {
    expect(take(new Arrivals('constant', 250, Math.random), 5)).toEqual([4, 8, 12, 16, 20]);
  });

  it('poisson: as many on average, with gaps that vary as much as they are long', () => {
    const times = take(new Arrivals('poisson', 1_000, seededRandom(7)), 20_000);
    const gaps = times.map((time, index) => time - (times[index - 1] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(mean).toBeCloseTo(1, 1);
    expect(deviation).toBeCloseTo(1, 1);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
  });

  it('poisson: the same for the same seed', () => {
    const run = (seed: number): number[] => take(new Arrivals('poisson', 10, seededRandom(seed)), 50);
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });
});
