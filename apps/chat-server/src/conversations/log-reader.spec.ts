import { expect, test } from 'vitest';
import { BatchingLogReader } from './log-reader.ts';
import type { StoredEntry } from './log-entry.ts';
import { StoreUnavailable, type LogRange, type MessageStore } from './message-store.port.ts';

function stored(range: LogRange): StoredEntry {
  const { conversationId, conversationNo } = range;
  return { conversationId, conversationNo, seq: range.after + 1, sentAt: 1_000, from: 'anna', type: 'CHAT', key: 's1', message: 'hi', details: null };
}

function readerOf(readRanges: (ranges: readonly LogRange[]) => Promise<readonly (readonly StoredEntry[])[]>) {
  const defects: unknown[] = [];
  const store = { readRanges } as unknown as MessageStore; // nothing else is used
  return { reader: new BatchingLogReader(store, (error) => defects.push(error)), defects };
}

const conversation = (conversationNo: number) => ({ conversationId: `direct:anna:b${conversationNo}`, conversationNo });

test('reads of one turn are one statement, and a store that is away is waited for', async () => {
  const asked: number[] = [];
  const { reader } = readerOf((ranges) => {
    asked.push(ranges.length);
    return asked.length < 3 ? Promise.reject(new StoreUnavailable('away', true)) : Promise.resolve(ranges.map((range) => [stored(range)]));
  });
  const pages = await Promise.all([1, 2, 3].map((number) => reader.read(conversation(number), 4, 5)));
  expect(pages.map(([entry]) => entry?.seq)).toEqual([5, 5, 5]);
  expect(asked).toEqual([3, 3, 3]);
});

test('one conversation that cannot be read is a defect, and the others are read all the same', async () => {
  const { reader, defects } = readerOf((ranges) =>
    ranges.some((range) => range.conversationNo === 2)
      ? Promise.reject(new Error('an entry of a type that this version does not know'))
      : Promise.resolve(ranges.map((range) => [stored(range)])),
  );
  const read = await Promise.allSettled([1, 2, 3].map((number) => reader.read(conversation(number), 0, 1)));
  expect(read.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(defects).toHaveLength(1);
});

test('closed, it rejects what still waits for the store', async () => {
  const { reader } = readerOf(() => Promise.reject(new StoreUnavailable('away', true)));
  const read = reader.read(conversation(1), 0, 1);
  reader.close();
  await expect(read).rejects.toThrow('closed');
});
