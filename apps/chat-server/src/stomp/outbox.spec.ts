import { describe, expect, test } from 'vitest';
import { OutboundFrame, type Connection } from './connection.port.ts';
import { OutboundBudget } from './outbound-budget.ts';
import { Outbox } from './outbox.ts';

/** A connection from which nothing is read until `read`. */
function stuck(): { readonly connection: Connection; read: () => void; sent: number } {
  let buffered = 0;
  let drained = (): void => undefined;
  const state = {
    sent: 0,
    read: (): void => {
      buffered = 0;
      drained();
    },
    connection: {
      send: (frame: OutboundFrame) => {
        buffered += frame.bytes.length;
        state.sent++;
      },
      get bufferedBytes() {
        return buffered;
      },
      drained: () => new Promise<void>((resolve) => (drained = resolve)),
    } as unknown as Connection, // an outbox uses nothing else
  };
  return state;
}

const WIDE = { stalledMs: 1_000, budget: new OutboundBudget(1e9) };
const KILOBYTE = new OutboundFrame(new Uint8Array(1_000));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('the turn in which the bound is passed is the last one', async () => {
  const { connection } = stuck();
  let ended = 0;
  const outbox = new Outbox({ connection, maxBytes: 10_000, onTooSlow: () => ended++, stalledMs: 1_000, budget: new OutboundBudget(Infinity) });
  for (let i = 0; i < 10; i++) outbox.send(KILOBYTE);
  await turn();
  expect(ended).toBe(0);
  outbox.send(KILOBYTE);
  await turn();
  expect(ended).toBe(1);
});

test('within one turn no more than four times the bound is taken', () => {
  const other = stuck();
  let ended = 0;
  const outbox = new Outbox({ connection: other.connection, maxBytes: 10_000, onTooSlow: () => ended++, stalledMs: 1_000, budget: new OutboundBudget(Infinity) });
  for (let i = 0; i < 1_000; i++) outbox.send(KILOBYTE);
  expect({ ended, sent: other.sent }).toEqual({ ended: 1, sent: 41 });
});

test('a page of a replay, which waits until it has left, is never too much; what comes after it is bounded again', async () => {
  const other = stuck();
  let ended = 0;
  const outbox = new Outbox({ connection: other.connection, maxBytes: 10_000, onTooSlow: () => ended++, stalledMs: 1_000, budget: new OutboundBudget(Infinity) });
  for (let i = 0; i < 30; i++) outbox.send(KILOBYTE);
  const drained = outbox.drained();
  await turn();
  outbox.send(KILOBYTE);
  await turn();
  expect(ended).toBe(0);
  other.read();
  await drained;
  for (let i = 0; i < 11; i++) outbox.send(KILOBYTE);
  await turn();
  expect(ended).toBe(1);
});

test('who takes nothing of what waits for a time is too slow, however little that is; who takes some is not', () => {
  const other = stuck();
  let ended = 0;
  const outbox = new Outbox({ connection: other.connection, maxBytes: 10_000, ...WIDE, onTooSlow: () => ended++ });
  const now = performance.now();
  outbox.tick(now + 60_000);
  expect(ended).toBe(0);
  outbox.send(KILOBYTE);
  outbox.tick(performance.now());
  outbox.tick(now + 900);
  expect(ended).toBe(0);
  other.read();
  outbox.send(KILOBYTE);
  outbox.tick(performance.now());
  expect(ended).toBe(0);
  outbox.tick(performance.now() + 1_001);
  expect(ended).toBe(1);
});

describe('the bound for all sessions together', () => {
  const reader = (budget: OutboundBudget, readsOn: boolean) => {
    const other = stuck();
    const state = { ended: 0 };
    const outbox: Outbox = new Outbox({
      connection: other.connection, maxBytes: 1e6, stalledMs: 1e6, budget,
      onTooSlow: () => {
        state.ended++;
        other.read(); // what waits is dropped
      },
    });
    return { state, send: async (frames: number) => {
      for (let i = 0; i < frames; i++) outbox.send(KILOBYTE);
      await turn();
      if (readsOn) other.read();
    }, outbox };
  };

  test('is exact, and ends those who hold most until it holds again, and nobody who reads', async () => {
    const budget = new OutboundBudget(80_000);
    const [small, large, larger, fast] = [reader(budget, false), reader(budget, false), reader(budget, false), reader(budget, true)];
    await small.send(10);
    await large.send(30);
    await larger.send(39);
    for (let i = 0; i < 10; i++) await fast.send(1);
    expect(budget.bytes).toBe(79_000);
    await fast.send(5);
    const ended = [small, large, larger, fast].map(({ state }) => state.ended);
    expect({ ended, bytes: budget.bytes, count: budget.ended }).toEqual({ ended: [0, 0, 1, 0], bytes: 40_000, count: 1 });
  });

  test('those who have gone count no longer', async () => {
    const budget = new OutboundBudget(80_000);
    const gone = reader(budget, false);
    await gone.send(50);
    gone.outbox.onClosed();
    expect(budget.bytes).toBe(0);
  });
});
