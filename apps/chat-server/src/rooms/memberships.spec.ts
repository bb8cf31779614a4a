import { ChatError } from '@chat/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { StoredEntry } from '../conversations/log-entry.ts';
import type { MembershipChange, MembershipOutcome, MembershipStore } from '../conversations/membership-store.port.ts';
import { StoreUnavailable } from '../conversations/message-store.port.ts';
import { Memberships, type Changed } from './memberships.ts';

const anna = { userNo: 1, userId: 'anna' };
const entry: StoredEntry = {
  conversationId: 'room:abcdefgh', conversationNo: 7, seq: 3, sentAt: 1_000, from: 'anna', key: 's1.1', type: 'JOIN', message: null, details: null,
};

let answers: (MembershipOutcome | Error)[];
let asked: string[];
let told: number[];
let memberships: Memberships;

beforeEach(() => {
  vi.useFakeTimers();
  answers = [];
  asked = [];
  told = [];
  let keys = 0;
  const store = {
    changeMembership: ({ key }: MembershipChange): Promise<MembershipOutcome> => {
      asked.push(key);
      const answer = answers.shift() ?? new StoreUnavailable('away', false);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  } as unknown as MembershipStore; // nothing else is used
  memberships = new Memberships({
    store,
    onCommitted: (entries) => told.push(...entries.map(({ seq }) => seq)),
    newKey: () => `k${++keys}`,
    giveUpMs: 1_000,
  });
});
afterEach(() => {
  vi.useRealTimers();
});

async function join(key?: string): Promise<Changed | Error> {
  const done = memberships.change({ roomId: 'abcdefgh', user: anna, by: anna, change: 'join', key }).catch((error: Error) => error);
  await vi.advanceTimersByTimeAsync(3_000);
  return done;
}

test('a change is told to everyone, one that was none is not', async () => {
  answers = [{ entry, changed: true }];
  expect(await join()).toMatchObject({ changed: true });
  expect(told).toEqual([3]);
  answers = [{ entry, changed: false }];
  expect(await join()).toMatchObject({ changed: false });
  expect(told).toEqual([3]);
});

test('an unknown outcome is asked for again with the same key, and told although the answer is that it had happened', async () => {
  answers = [new StoreUnavailable('broken', false), new StoreUnavailable('not yet', true), { entry, changed: false }];
  expect(await join()).toMatchObject({ entry });
  expect(asked).toEqual(['k1', 'k1', 'k1']);
  expect(told).toEqual([3]);
});

test('what has certainly not happened is not tried again', async () => {
  answers = [new StoreUnavailable('away', true)];
  expect(await join('c1')).toMatchObject({ outcomeKnown: true });
  expect(asked).toEqual(['c1']);
});

test('what stays unknown says so in the end, also if the last attempt did nothing', async () => {
  answers = [new StoreUnavailable('broken', false), ...Array.from({ length: 100 }, () => new StoreUnavailable('away', true))];
  expect(await join()).toMatchObject({ name: 'StoreUnavailable', outcomeKnown: false });
  expect(asked.length).toBeGreaterThan(2);
  expect(told).toEqual([]);
});

test('a refusal is the error of its code', async () => {
  answers = [{ refused: 'banned' }];
  const error = await join();
  expect(error).toBeInstanceOf(ChatError);
  expect(error).toMatchObject({ code: 'forbidden' });
});
