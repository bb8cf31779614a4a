import { expect, test } from 'vitest';
import { WantedEntries } from './wanted-entries.ts';

const isPending = async (promise: Promise<void>): Promise<boolean> => {
  const pending = Symbol();
  return (await Promise.race([promise, new Promise((resolve) => setImmediate(resolve, pending))])) === pending;
};

test('[L4] an addition is pending until its batch is written', async () => {
  const wanted = new WantedEntries();
  const added = wanted.add('user', 'u');
  expect(wanted.take(10)).toEqual([{ kind: 'user', id: 'u', wanted: true }]);
  expect([await isPending(added), wanted.settled, wanted.hasUnwritten]).toEqual([true, false, false]);
  wanted.written();
  expect([await isPending(added), wanted.settled]).toEqual([false, true]);
  expect(await isPending(wanted.add('user', 'u'))).toBe(false);
  expect(wanted.hasUnwritten).toBe(false);
});

test('[L4] a removal wished while the addition is being written follows it, and both wait for the last', async () => {
  const wanted = new WantedEntries();
  const added = wanted.add('user', 'u');
  wanted.take(10);
  wanted.remove('user', 'u');
  wanted.written();
  expect([await isPending(added), wanted.settled]).toEqual([true, false]);
  expect(wanted.take(10)).toEqual([{ kind: 'user', id: 'u', wanted: false }]);
  wanted.written();
  expect([await isPending(added), wanted.settled]).toEqual([false, true]);
});

test('[L4] wishes that come and go before the write are one write of the last', () => {
  const wanted = new WantedEntries();
  for (let i = 0; i < 5; i++) {
    void wanted.add('room', 'r');
    wanted.remove('room', 'r');
  }
  expect(wanted.take(10)).toEqual([{ kind: 'room', id: 'r', wanted: false }]);
});

test('[L4] what was perhaps not written is written again, with what is wished by then', async () => {
  const wanted = new WantedEntries();
  const added = wanted.add('user', 'u');
  wanted.take(10);
  wanted.remove('user', 'u');
  void wanted.add('user', 'v');
  wanted.notWritten();
  expect(wanted.take(10)).toEqual([
    { kind: 'user', id: 'u', wanted: false },
    { kind: 'user', id: 'v', wanted: true },
  ]);
  wanted.written();
  expect(await isPending(added)).toBe(false);
});

test('batches are bounded and in order', () => {
  const wanted = new WantedEntries();
  for (let i = 0; i < 5; i++) void wanted.add('user', `${i}`);
  const taken: string[][] = [];
  while (wanted.hasUnwritten) {
    taken.push(wanted.take(2).map(({ id }) => id));
    wanted.written();
  }
  expect(taken).toEqual([['0', '1'], ['2', '3'], ['4']]);
});

test('[L2] after a loss everything wanted is written anew, and removals under way too', async () => {
  const wanted = new WantedEntries();
  void wanted.add('user', 'kept');
  void wanted.add('user', 'removed');
  wanted.take(10);
  wanted.written();
  wanted.remove('user', 'removed');
  wanted.forgetWritten();
  expect(await isPending(wanted.add('user', 'kept'))).toBe(true);
  expect(wanted.take(10).map(({ id, wanted: here }) => [id, here])).toEqual([['removed', false], ['kept', true]]);
  wanted.written();
  expect(wanted.settled).toBe(true);
});

test('after the end additions are refused, also those that wait', async () => {
  const wanted = new WantedEntries();
  const added = wanted.add('user', 'u');
  wanted.end(new Error('over'));
  await expect(added).rejects.toThrow('over');
  await expect(wanted.add('user', 'v')).rejects.toThrow('over');
  expect(wanted.hasUnwritten).toBe(false);
});
