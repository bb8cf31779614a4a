import { expect, test } from 'vitest';
import { OutboundFrame, type Connection } from './connection.port.ts';
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

const KILOBYTE = new OutboundFrame(new Uint8Array(1_000));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('the turn in which the bound is passed is the last one', async () => {
  const { connection } = stuck();
  let ended = 0;
  const outbox = new Outbox({ connection, maxBytes: 10_000, onTooSlow: () => ended++ });
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
  const outbox = new Outbox({ connection: other.connection, maxBytes: 10_000, onTooSlow: () => ended++ });
  for (let i = 0; i < 1_000; i++) outbox.send(KILOBYTE);
  expect({ ended, sent: other.sent }).toEqual({ ended: 1, sent: 41 });
});

test('a page of a replay, which waits until it has left, is never too much; what comes after it is bounded again', async () => {
  const other = stuck();
  let ended = 0;
  const outbox = new Outbox({ connection: other.connection, maxBytes: 10_000, onTooSlow: () => ended++ });
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
