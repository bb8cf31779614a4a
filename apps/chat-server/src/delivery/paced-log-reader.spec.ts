import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Conversation } from '../conversations/log-entry.ts';
import { PAGE, type LogReader } from '../conversations/log-reader.ts';
import { PacedLogReader } from './paced-log-reader.ts';

const CONVERSATION: Conversation = { conversationId: 'direct:a:b', conversationNo: 1 };
const PAGES_PER_SECOND = 100;

describe('reading what sessions missed', () => {
  let read: number[];
  let paced: PacedLogReader;

  beforeEach(() => {
    vi.useFakeTimers();
    read = [];
    const log: LogReader = {
      read: (_, after) => {
        read.push(after);
        return Promise.resolve([]);
      },
    };
    paced = new PacedLogReader(log, PAGES_PER_SECOND * PAGE);
  });

  afterEach(() => vi.useRealTimers());

  it('reads short gaps at once, however many', async () => {
    await Promise.all(Array.from({ length: 500 }, (_, i) => paced.read(CONVERSATION, i, i + PAGE)));
    expect(read).toHaveLength(500);
  });

  it('reads long ones page by page in turn, whoever asks, and the last page at once', async () => {
    void readAll(0, 50 * PAGE);
    void readAll(1_000_000, 1_000_000 + 50 * PAGE);
    await vi.advanceTimersByTimeAsync(500);
    expect(read.length).toBeGreaterThan(0.5 * PAGES_PER_SECOND - 2);
    expect(read.length).toBeLessThan(0.5 * PAGES_PER_SECOND + 2);
    // Neither waits for all of the other.
    expect(read.filter((after) => after < 1_000_000).length).toBeGreaterThan(20);
    expect(read.filter((after) => after >= 1_000_000).length).toBeGreaterThan(20);
    expect(paced.waiting).toBe(2);
    await vi.advanceTimersByTimeAsync(600);
    expect(read).toHaveLength(100);
    expect(paced.waiting).toBe(0);
  });

  it('saves up nothing while nobody reads', async () => {
    await vi.advanceTimersByTimeAsync(60_000);
    void readAll(0, 50 * PAGE);
    await vi.advanceTimersByTimeAsync(100);
    expect(read.length).toBeLessThan(0.1 * PAGES_PER_SECOND + 2);
  });

  async function readAll(from: number, to: number): Promise<void> {
    for (let after = from; after < to; after += PAGE) await paced.read(CONVERSATION, after, to);
  }
});
