import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CursorMove, CursorStore, MovedCursor } from '../conversations/cursor-store.port.ts';
import { StoreUnavailable } from '../conversations/message-store.port.ts';
import { CursorBook } from './cursor-book.ts';
import type { Signal } from './signal.ts';

const AB = { conversationId: 'direct:anna:ben', conversationNo: 7 };
const BEN = { userNo: 2, userId: 'ben', deviceNo: 21 };

describe('cursor book', () => {
  let writes: { readonly kind: string; readonly moves: readonly CursorMove[] }[];
  let signals: Signal[];
  let away: boolean;
  let book: CursorBook;

  beforeEach(() => {
    vi.useFakeTimers();
    writes = [];
    signals = [];
    away = false;
    const move = (kind: string) => (moves: readonly CursorMove[]): Promise<readonly MovedCursor[]> => {
      if (away) return Promise.reject(new StoreUnavailable('away', true));
      writes.push({ kind, moves });
      return Promise.resolve(moves.map(({ userNo, conversation, seq, announce }) => ({ userNo, conversationNo: conversation.conversationNo, seq, version: 5, told: announce, large: false })));
    };
    const store = { moveDelivered: move('delivered'), moveRead: move('read') } as unknown as CursorStore; // nothing else is used
    book = new CursorBook({ store, onMoved: (moved) => signals.push(...moved), onDefect: (error) => expect(error).toBeUndefined() });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('moves of a quarter of a second are one, the furthest wins, and the others are told once', async () => {
    book.delivered(BEN, AB, 3, 0, true);
    book.delivered(BEN, AB, 9, 4, true);
    book.delivered(BEN, AB, 5, 2, true);
    await vi.advanceTimersByTimeAsync(300);
    expect(writes).toEqual([{ kind: 'delivered', moves: [{ userNo: 2, deviceNo: 21, conversation: AB, seq: 9, cursorVersion: 4, announce: true }] }]);
    expect(signals.map((signal) => JSON.parse(signal.body.toString()) as unknown)).toEqual([
      { type: 'DELIVERED', conversationId: 'direct:anna:ben', from: 'ben', to: 'anna', seq: 9, version: 5 },
    ]);
  });

  test('what is news to nobody is stored and not told', async () => {
    book.delivered(BEN, AB, 3, 0, false);
    await vi.advanceTimersByTimeAsync(300);
    expect(writes).toHaveLength(1);
    expect(signals).toEqual([]);
  });

  test('a read cursor says when it is stored', async () => {
    let stored = 0;
    book.read(BEN, AB, 2, () => stored++);
    book.read(BEN, AB, 1, () => stored++);
    await vi.advanceTimersByTimeAsync(200);
    expect(stored).toBe(0);
    await vi.advanceTimersByTimeAsync(100);
    expect(stored).toBe(2);
    expect(writes.map((write) => write.moves.map((move) => move.seq))).toEqual([[2]]);
  });

  test('a move that cannot be stored gets an outcome, and the others do not suffer from it', async () => {
    const outcomes: string[] = [];
    const defects: unknown[] = [];
    const moveRead = (moves: readonly CursorMove[]): Promise<readonly MovedCursor[]> =>
      moves.some((move) => move.seq === 13) ? Promise.reject(new Error('spoilt')) : Promise.resolve([]);
    const store = { moveRead } as unknown as CursorStore; // nothing else is used
    const other = new CursorBook({ store, onMoved: () => undefined, onDefect: (error) => defects.push(error) });
    other.read(BEN, AB, 13, (error) => outcomes.push(`ben ${error?.code ?? 'stored'}`));
    other.read({ userNo: 1, userId: 'anna' }, AB, 2, (error) => outcomes.push(`anna ${error?.code ?? 'stored'}`));
    await vi.advanceTimersByTimeAsync(300);
    expect(outcomes.sort()).toEqual(['anna stored', 'ben internal']);
    expect(defects).toHaveLength(1);
  });

  test('while the store is away moves wait, go on moving, and none is lost', async () => {
    away = true;
    let stored = 0;
    book.read(BEN, AB, 2, () => stored++);
    await vi.advanceTimersByTimeAsync(2_000);
    book.read(BEN, AB, 6, () => stored++);
    await vi.advanceTimersByTimeAsync(2_000);
    expect([stored, writes]).toEqual([0, []]);
    away = false;
    await vi.advanceTimersByTimeAsync(600);
    expect(stored).toBe(2);
    expect(writes.map((write) => write.moves.map((move) => move.seq))).toEqual([[6]]);
  });
});
