import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { SocketQueue } from './socket-queue.ts';

const MARK = 1_000;

/** A socket that takes a piece whenever the test says so; `taken` has its sizes. */
function scripted(): { readonly socket: Duplex; readonly taken: number[]; readonly take: () => void } {
  const taken: number[] = [];
  let done: (() => void) | undefined;
  const socket = new Duplex({
    writableHighWaterMark: MARK,
    read: () => undefined,
    writev: (chunks, callback) => {
      taken.push(chunks.reduce((bytes, { chunk }) => bytes + (chunk as Buffer).length, 0)); // nothing else is written
      done = callback;
    },
  });
  return {
    socket,
    taken,
    take: () => {
      const callback = done;
      done = undefined;
      callback?.();
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what a socket does not take stays here, piece by piece, and comes in order when it does', async () => {
  const { socket, taken, take } = scripted();
  const queue = new SocketQueue(socket, () => true);
  for (let i = 0; i < 100; i++) queue.push(Buffer.alloc(100, i));
  queue.flush();
  // One piece that the socket is writing makes it full.
  expect({ waits: queue.bytes, inSocket: socket.writableLength }).toEqual({ waits: 10_000, inSocket: MARK });
  for (let i = 0; i < 20 && queue.bytes > 0; i++) {
    take();
    await turn();
  }
  expect(queue.bytes).toBe(0);
  expect(taken).toEqual(Array.from({ length: 10 }, () => MARK));
});

test('the same buffer waits for many sockets, and is not copied', () => {
  const { socket } = scripted();
  const written: unknown[] = [];
  const write = socket.write.bind(socket);
  socket.write = (chunk: unknown): boolean => {
    written.push(chunk);
    return write(chunk);
  };
  const queue = new SocketQueue(socket, () => true);
  const buffer = Buffer.alloc(10);
  queue.push(buffer);
  queue.push(buffer);
  queue.flush();
  expect(written).toHaveLength(2);
  expect(written.every((each) => each === buffer)).toBe(true);
});

test('what is dropped is what the socket has not got', () => {
  const { socket } = scripted();
  const queue = new SocketQueue(socket, () => true);
  for (let i = 0; i < 100; i++) queue.push(Buffer.alloc(100));
  queue.flush();
  queue.drop();
  expect(queue.bytes).toBe(MARK);
  queue.push(Buffer.alloc(5));
  queue.flushAll();
  expect(queue.bytes).toBe(MARK + 5);
});

test('who waits for it to drain is told when little is left, and when it ends', async () => {
  const { socket, take } = scripted();
  const queue = new SocketQueue(socket, () => true);
  await queue.drained();
  for (let i = 0; i < 25; i++) queue.push(Buffer.alloc(100));
  queue.flush();
  let told = 0;
  void queue.drained().then(() => told++);
  take();
  await turn();
  expect({ told, waits: queue.bytes }).toEqual({ told: 0, waits: 1_500 });
  take();
  await turn();
  expect({ told, waits: queue.bytes }).toEqual({ told: 1, waits: 500 });
  for (let i = 0; i < 25; i++) queue.push(Buffer.alloc(100));
  void queue.drained().then(() => told++);
  queue.end();
  await turn();
  expect(told).toBe(2);
});

test('nothing is written once it is not open any more', async () => {
  const { socket, take } = scripted();
  let isOpen = true;
  const queue = new SocketQueue(socket, () => isOpen);
  for (let i = 0; i < 25; i++) queue.push(Buffer.alloc(100));
  queue.flush();
  isOpen = false;
  take();
  await turn();
  expect(queue.bytes).toBe(0);
});
