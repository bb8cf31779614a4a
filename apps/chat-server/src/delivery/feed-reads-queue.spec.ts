import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { StoreUnavailable } from '../conversations/message-store.port.ts';
import { BoundedReads } from './feed-reads-queue.ts';

describe('reads of opening sessions', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('[S1] eight run at once, the others wait in order, and equal ones that wait are one', async () => {
    const reads = new BoundedReads();
    const answers: (() => void)[] = [];
    const asked: string[] = [];
    const ask = (key: string): Promise<string> =>
      reads.read(key, () => {
        asked.push(key);
        return new Promise((resolve) => answers.push(() => resolve(key)));
      });
    const all = [...Array.from({ length: 10 }, (_, i) => ask(`${i}`)), ask('9'), ask('0')];
    expect([reads.inFlight, reads.waiting, asked.length]).toEqual([8, 3, 8]); // what runs already is read again
    for (let i = 0; i < 11; i++) {
      await vi.advanceTimersByTimeAsync(1);
      answers[i]?.();
    }
    expect(await Promise.all(all)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '9', '0']);
    expect(asked.slice(8)).toEqual(['8', '9', '0']);
  });

  test('past the bound they are refused', async () => {
    const reads = new BoundedReads();
    const never = (): Promise<void> => new Promise(() => undefined);
    for (let i = 0; i < 10_008; i++) void reads.read(`${i}`, never);
    await expect(reads.read('one more', never)).rejects.toMatchObject({ code: 'unavailable' });
    expect([reads.waiting, reads.refused]).toEqual([10_000, 1]);
  });

  test('while the store is away they wait for it, and end with the server', async () => {
    const reads = new BoundedReads();
    let asked = 0;
    const away = (): Promise<never> => {
      asked++;
      return Promise.reject(new StoreUnavailable('away', true));
    };
    const outcome = reads.read('a', away).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(asked).toBe(3);
    reads.close();
    expect(await outcome).toMatchObject({ code: 'unavailable' });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toBe(3);
    await expect(reads.read('b', away)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
